"""The homes that each port's suite runs on: one entry here puts another adapter under every suite."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Protocol

import pytest

from runtime.adapters.aws.stores import Rows
from runtime.adapters.local.accounts import SqliteAccounts
from runtime.adapters.local.database import Database
from runtime.adapters.local.leases import SqliteLeases
from runtime.adapters.local.ledger import SqliteLedger
from runtime.adapters.local.queue import SqliteQueue
from runtime.adapters.local.signals import SqliteSignals
from runtime.ports import Accounts, Clock, Leases, Ledger, Queue, Signals
from tests.adapters import dynamodb, sqs
from tests.virtual_time import LoopClock


class Queues(Protocol):
    """How a home makes a queue of 30 s visibility and at most three receives."""

    def __call__(self, name: str, dead: str | None = None) -> Queue:
        """Return the queue *name*, whose dead letters go to the queue *dead*."""


@dataclass(frozen=True)
class Home:
    """The ports of one place to run, on a store that was empty; *later* lets seconds go by."""

    clock: Clock
    accounts: Accounts
    ledger: Ledger
    leases: Leases
    signals: Signals
    queue: Queues
    later: Callable[[float], Awaitable[None]]


def on(database: Database) -> Home:
    """Open the laptop's ports on *database*, in the running loop's time."""
    clock = LoopClock()
    return Home(
        clock,
        SqliteAccounts(database),
        SqliteLedger(database, clock),
        SqliteLeases(database, clock),
        SqliteSignals(database, clock),
        lambda name, dead=None: SqliteQueue(database, clock, name, dead),
        asyncio.sleep,
    )


def in_the_cloud(rows: Rows, queue: Queues) -> Home:
    """Open the cloud's ports on *rows*, in the running loop's time."""
    return Home(LoopClock(), rows.accounts, rows.ledger, rows.leases, rows.signals, queue, asyncio.sleep)


@contextmanager
def in_memory() -> Iterator[Home]:
    """Open the laptop's ports on a database that leaves nothing behind."""
    with closing(Database(Path(":memory:"))) as database:
        yield on(database)


@contextmanager
def aws(request: pytest.FixtureRequest) -> Iterator[Home]:
    """Open the cloud's ports on new tables of moto's server."""
    queues = cache(lambda: sqs.made(request))  # Most suites need none.
    yield in_the_cloud(dynamodb.made(request).rows, lambda name, dead=None: queues()(name, dead))


HOMES: Mapping[str, Callable[[pytest.FixtureRequest], AbstractContextManager[Home]]] = {
    "local": lambda _: in_memory(),
    "aws": aws,
}
