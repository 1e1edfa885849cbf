"""The ports that a home opens, by what they are for: a process opens no more of them than its role needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runtime.ports import (
    Accounts,
    Clock,
    Connections,
    Erasures,
    Ids,
    Leases,
    Ledger,
    Medium,
    Memories,
    Metrics,
    Queue,
    Recent,
    Signals,
    Tracer,
    Traces,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorPorts:
    """What a turn is let in with; every role has these."""

    clock: Clock
    ids: Ids
    accounts: Accounts
    ledger: Ledger
    leases: Leases
    signals: Signals


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnPorts(DoorPorts):
    """What a turn is seen to its end with: where it is told, and what it leaves."""

    connections: Connections
    metrics: Metrics
    recent: Recent
    background: Queue
    tracer: Tracer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserPorts(TurnPorts):
    """What all about a user is reached with; *backups*: seconds that one made now is kept, None: none are made."""

    memories: Memories
    erasures: Erasures
    traces: Mapping[str, Traces]
    medium: Medium
    backups: float | None = None
