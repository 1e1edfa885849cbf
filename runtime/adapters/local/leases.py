"""Leases in SQLite: the epoch stands in the condition of every write, so that an older one changes nothing."""

from __future__ import annotations

from msgspec.structs import replace

from runtime.adapters.local import turns
from runtime.adapters.local.database import Database, type_of_values
from runtime.conversation import Entry
from runtime.errors import LeaseLost
from runtime.ports import Clock

_CLAIM = """
UPDATE turns SET state = 'running', epoch = epoch + 1, leased_until = ?, attached = 0, resume_after = NULL
WHERE user = ? AND turn = ? AND attempt = ? AND state IN ('queued', 'running')
"""

_APPEND = """
INSERT INTO frames (user, turn, seq, frame)
SELECT user, turn, (SELECT COALESCE(MAX(seq) + 1, 0) FROM frames WHERE user = :user AND turn = :turn), :frame
FROM turns WHERE user = :user AND turn = :turn AND epoch = :epoch AND state = 'running'
"""

# What signals change stays as they left it: the holder may not have seen the last of them.
_FINISH = """
UPDATE turns SET state = :state, text = :text, timeline = :timeline, heard = :heard, ended = :ended, leased_until = 0
WHERE user = :user AND turn = :turn AND epoch = :epoch AND state = 'running'
RETURNING connection, stop
"""

_RELEASE = """
UPDATE turns SET state = 'queued', leased_until = 0
WHERE user = ? AND turn = ? AND epoch = ? AND state = 'running'
"""

_VOID = """
UPDATE turns SET state = 'queued', leased_until = 0, deadline = MAX(deadline, ?)
WHERE state IN ('queued', 'running')
"""


class SqliteLeases:
    """Who may answer a turn, for *term* seconds at a time."""

    def __init__(self, database: Database, clock: Clock, term: float = 90.0) -> None:
        self._database = database
        self._clock = clock
        self._term = term
        database.ensure(turns.SCHEMA)

    async def claim(self, user: str, turn: str, attempt: int) -> Entry | None:
        now = self._clock.now()
        with self._database.transaction():
            claimed = self._database.change(_CLAIM, (now + self._term, user, turn, attempt))
            entry = turns.read(self._database, user, turn, now)
        if claimed:
            self._database.changes.announce((user, turn))
        return entry if entry and entry.turn.attempt == attempt else None

    async def append(self, held: Entry, frame: bytes) -> None:
        turn = held.turn
        values: type_of_values = {"user": turn.user, "turn": turn.id, "epoch": held.epoch, "frame": frame}
        if not self._database.change(_APPEND, values):
            raise _lost(held)

    async def finish(self, held: Entry) -> Entry:
        with self._database.transaction():
            rows = self._database.rows(_FINISH, turns.columns(held))
            if not rows:
                raise _lost(held)
            turns.put_frames(self._database, held.turn.user, held.turn.id, held.frames)
        if not held.turn.text:
            await self._database.expunge()
        return replace(held, leased_until=0.0, connection=rows[0]["connection"], stop=turns.stop_of(rows[0]))

    async def release(self, held: Entry) -> None:
        self._database.change(_RELEASE, (held.turn.user, held.turn.id, held.epoch))

    def void(self, seconds: float) -> None:
        """Take every lease from a process that is gone: what is open is queued, and due *seconds* from now."""
        self._database.change(_VOID, (self._clock.now() + seconds,))


def _lost(held: Entry) -> LeaseLost:
    return LeaseLost(f"epoch {held.epoch} of turn {held.turn.id} is over")
