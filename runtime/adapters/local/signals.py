"""Signals by the ledger's row, and a call within the process that says at once when to read it.

Of several attachments between two looks, the last is the one that counts: the row has one connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from runtime.adapters.local import turns
from runtime.adapters.local.database import Database
from runtime.conversation import Entry, Heard
from runtime.errors import LeaseLost
from runtime.ports import Attach, Clock, Stop

# The first stop stands: what was heard until then is what was heard.
_STOP = """
UPDATE turns SET stop = COALESCE(stop, ?)
WHERE user = ? AND turn = ? AND state IN ('queued', 'running')
"""

_ATTACH = """
UPDATE turns SET connection = ?, resume_after = ?, attached = attached + 1
WHERE user = ? AND turn = ?
RETURNING state = 'running' AND leased_until > ? AS held
"""

_LOOK = """
SELECT stop, connection, resume_after, attached FROM turns
WHERE user = ? AND turn = ? AND epoch = ?
"""


class SqliteSignals:
    """What reaches a running turn from outside, at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(turns.SCHEMA)

    async def stop(self, user: str, turn: str, heard: Heard) -> bool:
        stopped = self._database.change(_STOP, (turns.json(heard), user, turn)) == 1
        self._database.changes.announce((user, turn))
        return stopped

    async def attach(self, user: str, turn: str, connection: str, after: int) -> bool:
        rows = self._database.rows(_ATTACH, (connection, after, user, turn, self._clock.now()))
        self._database.changes.announce((user, turn))
        return bool(rows and rows[0]["held"])

    async def watch(self, held: Entry) -> AsyncGenerator[Stop | Attach, None]:
        key = (held.turn.user, held.turn.id)
        changed = asyncio.Event()
        stopped, attached = False, 0
        self._database.changes.listen(key, changed.set)
        try:
            while True:
                changed.clear()
                rows = self._database.rows(_LOOK, (*key, held.epoch))
                if not rows:
                    raise LeaseLost(f"epoch {held.epoch} of turn {held.turn.id} is over")
                row = rows[0]
                if not stopped and (heard := turns.stop_of(row)):
                    stopped = True
                    yield Stop(heard)
                if row["attached"] > attached:
                    attached = row["attached"]
                    yield Attach(row["connection"], row["resume_after"])
                await changed.wait()
        finally:
            self._database.changes.ignore(key, changed.set)
