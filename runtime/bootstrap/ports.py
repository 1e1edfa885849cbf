"""The ports that a home opens, by what they are for: a process opens no more of them than its role needs."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

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


class DoorPorts(Struct, frozen=True, kw_only=True):
    """What a turn is let in with; every role has these."""

    clock: Clock
    ids: Ids
    accounts: Accounts
    ledger: Ledger
    leases: Leases
    signals: Signals


class TurnPorts(DoorPorts, frozen=True, kw_only=True):
    """What a turn is seen to its end with: where it is told, and what it leaves."""

    connections: Connections
    metrics: Metrics
    recent: Recent
    background: Queue
    tracer: Tracer | None = None


class UserPorts(TurnPorts, frozen=True, kw_only=True):
    """What all about a user is reached with; *backups*: seconds that one made now is kept, None: none are made."""

    memories: Memories
    erasures: Erasures
    traces: Mapping[str, Traces]
    medium: Medium
    backups: float | None = None
