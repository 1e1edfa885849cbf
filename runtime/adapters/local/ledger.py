"""The ledger in SQLite: every change carries the row's state and attempt as its condition."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from runtime.adapters.local import turns
from runtime.adapters.local.database import Database, type_of_value
from runtime.conversation import ID_SECONDS, TEXT_SECONDS, Entry
from runtime.ports import Clock, Page

_AT_ONCE = 100

_OPEN = """
INSERT INTO turns (user, turn, attempt, text, admitted, deadline, voice, private, refused, due,
                   state, epoch, leased_until, connection, stop, timeline, heard, ended)
VALUES (:user, :turn, :attempt, :text, :admitted, :deadline, :voice, :private, :refused, :due,
        :state, :epoch, :leased_until, :connection, :stop, :timeline, :heard, :ended)
ON CONFLICT DO NOTHING
"""

# The epoch stays: it counts all leases of the row, so that one of an earlier attempt never fits again.
_PUT = """
UPDATE turns SET attempt = :attempt, text = :text, admitted = :admitted, deadline = :deadline, voice = :voice,
                 private = :private, refused = :refused, due = :due, state = :state, leased_until = :leased_until,
                 connection = :connection, stop = :stop, timeline = :timeline, heard = :heard,
                 ended = :ended, attached = 0, resume_after = NULL, emptied = 0
WHERE user = :user AND turn = :turn AND state IN ('shed', 'failed', :or_state)
  AND attempt BETWEEN :first AND :last
"""

_AGED_TEXTS = "SELECT user, turn FROM turns WHERE emptied = 0 AND admitted <= ? LIMIT ?"
_EMPTY_ROW = "UPDATE turns SET text = '', timeline = '[]', emptied = 1 WHERE user = ? AND turn = ?"
_AGED_IDS = "SELECT user, turn FROM turns WHERE admitted <= ? LIMIT ?"
_DROP_ROW = "DELETE FROM turns WHERE user = ? AND turn = ?"
_DROP_FRAMES = "DELETE FROM frames WHERE user = ? AND turn = ?"


class SqliteLedger:
    """The rows of turns."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        database.ensure(turns.SCHEMA)

    async def open(self, entry: Entry) -> Entry | None:
        user, turn = entry.turn.user, entry.turn.id
        with self._database.transaction():
            if not self._database.change(_OPEN, turns.columns(entry)):
                standing = turns.read(self._database, user, turn, self._clock.now())
                if standing:
                    return standing
                self._drop(user, turn)
                self._database.change(_OPEN, turns.columns(entry))
            turns.put_frames(self._database, user, turn, entry.frames)
        return None

    async def read(self, user: str, turn: str) -> Entry | None:
        return turns.read(self._database, user, turn, self._clock.now())

    async def renew(self, entry: Entry) -> bool:
        return self._put(entry, or_state="failed", first=0, last=entry.turn.attempt - 1)

    async def rewrite(self, entry: Entry) -> None:
        self._put(entry, or_state="done", first=entry.turn.attempt, last=entry.turn.attempt)
        await self._database.expunge()

    async def failed(self, limit: int) -> Sequence[Entry]:
        rows = self._database.rows("SELECT * FROM turns WHERE state = 'failed' ORDER BY ended LIMIT ?", (limit,))
        now = self._clock.now()
        return [entry for row in rows if (entry := turns.entry_of(self._database, row, now))]

    async def page(self, user: str, limit: int, cursor: str | None = None) -> Page[Entry]:
        statement = "SELECT * FROM turns WHERE user = ? AND turn > ? ORDER BY turn LIMIT ?"
        rows = self._database.rows(statement, (user, cursor or "", limit))
        now = self._clock.now()
        entries = tuple(entry for row in rows if (entry := turns.entry_of(self._database, row, now)))
        return Page(entries, rows[-1]["turn"] if len(rows) == limit else None)

    async def sweep(self, now: float) -> None:
        """Empty what is older than a day and drop what is older than thirty, a few rows at a time."""
        for aged, change in (
            ((_AGED_IDS, now - ID_SECONDS), self._drop),
            ((_AGED_TEXTS, now - TEXT_SECONDS), self._empty),
        ):
            while keys := self._database.rows(aged[0], (aged[1], _AT_ONCE)):
                with self._database.transaction():
                    for user, turn in keys:
                        change(user, turn)
                await asyncio.sleep(0)

    def _put(self, entry: Entry, *, or_state: str, first: int, last: int) -> bool:
        wanted: dict[str, type_of_value] = {"or_state": or_state, "first": first, "last": last}
        with self._database.transaction():
            stood = self._database.change(_PUT, turns.columns(entry) | wanted) == 1
            if stood:
                turns.put_frames(self._database, entry.turn.user, entry.turn.id, entry.frames)
        return stood

    def _drop(self, user: str, turn: str) -> None:
        self._database.change(_DROP_ROW, (user, turn))
        self._database.change(_DROP_FRAMES, (user, turn))

    def _empty(self, user: str, turn: str) -> None:
        self._database.change(_EMPTY_ROW, (user, turn))
        self._database.change(_DROP_FRAMES, (user, turn))
