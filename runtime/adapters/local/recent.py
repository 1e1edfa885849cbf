"""The hot memory: finished turns by user and nanosecond, gone on read the moment they expire."""

from __future__ import annotations

from typing import Final

from runtime.adapters.cursors import opened, sealed
from runtime.adapters.local.database import Database
from runtime.adapters.local.newest import Newest
from runtime.conversation import Exchange
from runtime.ports import Clock, Page

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS recent (
    user_id TEXT NOT NULL, turn TEXT NOT NULL, ts INTEGER NOT NULL, text TEXT NOT NULL, reply TEXT NOT NULL,
    expires_at REAL NOT NULL, PRIMARY KEY (user_id, turn)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS recent_by_time ON recent (user_id, ts, turn);
CREATE INDEX IF NOT EXISTS recent_by_expiry ON recent (expires_at);
"""
_SECOND: Final = 1_000_000_000
_LAST: Final = (1 << 63) - 1
_NEVER: Final = float("inf")


class SqliteRecent:
    """Exchanges in the shared database, kept for *keep* seconds from their admission."""

    def __init__(self, database: Database, clock: Clock, keep: float) -> None:
        database.ensure(_SCHEMA)
        self._database = database
        self._clock = clock
        self._keep = keep
        self._newest = Newest(lambda last: sealed("recent", _nanoseconds(last.at), last.turn))

    async def add(self, exchange: Exchange) -> None:
        self._database.change(
            "INSERT OR REPLACE INTO recent (user_id, turn, ts, text, reply, expires_at) VALUES (?, ?, ?, ?, ?, ?)",
            (
                *(exchange.user, exchange.turn, _nanoseconds(exchange.at)),
                *(exchange.text, exchange.reply, exchange.at + self._keep),
            ),
        )
        self._newest.add(exchange, exchange.at + self._keep)

    async def read(self, user: str, turn: str) -> Exchange | None:
        rows = self._database.rows(
            "SELECT ts, text, reply FROM recent WHERE user_id = ? AND turn = ? AND expires_at > ?",
            (user, turn, self._clock.now()),
        )
        return next((Exchange(user, turn, row["ts"] / _SECOND, row["text"], row["reply"]) for row in rows), None)

    async def latest(self, user: str, limit: int, before: str | None = None) -> Page[Exchange]:
        now = self._clock.now()
        if before is None and (page := self._newest.get(user, limit, now)):
            return page
        place = (_LAST, "") if before is None else opened("recent", before)
        rows = self._database.rows(
            """SELECT turn, ts, text, reply, expires_at FROM recent
               WHERE user_id = ? AND expires_at > ? AND (ts, turn) < (?, ?) ORDER BY ts DESC, turn DESC LIMIT ?""",
            (user, now, *place, limit + 1),
        )
        kept = tuple(
            Exchange(user, row["turn"], row["ts"] / _SECOND, row["text"], row["reply"]) for row in rows[:limit]
        )
        last = rows[limit - 1] if len(rows) > limit else None
        page = Page(kept, None if last is None else sealed("recent", last["ts"], last["turn"]))
        if before is None:
            self._newest.put(user, limit, page, min((row["expires_at"] for row in rows), default=_NEVER))
        return page

    async def drop(self, user: str, turn: str) -> None:
        self._database.change("DELETE FROM recent WHERE user_id = ? AND turn = ?", (user, turn))
        self.cool(user)

    async def sweep(self, now: float) -> int:
        """Delete what expired by *now* and return how many exchanges that were."""
        self._newest.clear()
        return self._database.change("DELETE FROM recent WHERE expires_at <= ?", (now,))

    def cool(self, user: str) -> None:
        """Drop what is held in memory of *user*."""
        self._newest.drop(user)


def _nanoseconds(at: float) -> int:
    """Return *at* in nanoseconds, so exactly that dividing gives *at* again."""
    whole = int(at // 1)
    return whole * _SECOND + round((at - whole) * _SECOND)
