"""Long-term memory: one row a record, the words it is found by packed into the row, each user's index warm in memory.

SQLite's own FTS5 is left aside: `bm25()` over one table counts everybody's words, and a table per user makes the schema
what grows. A user's index is made from their rows when it is first asked for, and kept up to date from then on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from runtime.adapters.local.cursors import opened, sealed
from runtime.adapters.local.database import Database
from runtime.adapters.local.postings import Entry, Hit, Postings, packed
from runtime.adapters.local.warm import Warm
from runtime.conversation import Memory, Said
from runtime.ports import Candidate, Clock, Cue, Page
from runtime.recall.words import ANALYSIS, beginnings, indexed, spaced, stems

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS memories (
    n INTEGER PRIMARY KEY, user TEXT NOT NULL, id TEXT NOT NULL, session TEXT NOT NULL, at REAL NOT NULL,
    speaker TEXT NOT NULL, text TEXT NOT NULL, kind TEXT NOT NULL, valid_from REAL, valid_until REAL,
    expires REAL NOT NULL, importance REAL NOT NULL, source TEXT, replaces TEXT,
    spaced TEXT NOT NULL, words BLOB NOT NULL, analysis INTEGER NOT NULL, UNIQUE (user, id));
CREATE INDEX IF NOT EXISTS memories_by_session ON memories (user, session, at, n);
CREATE INDEX IF NOT EXISTS memories_by_age ON memories (user, at, n);
CREATE INDEX IF NOT EXISTS memories_by_source ON memories (user, source) WHERE source IS NOT NULL;
CREATE INDEX IF NOT EXISTS memories_by_expiry ON memories (expires);
"""
_KEEP: Final = """
INSERT INTO memories (user, id, session, at, speaker, text, kind, expires, importance, source, spaced, words, analysis)
VALUES (?, ?, ?, ?, ?, ?, 'said', ?, 0.5, ?, ?, ?, ?)
ON CONFLICT (user, id) DO UPDATE SET session = excluded.session, at = excluded.at, speaker = excluded.speaker,
    text = excluded.text, expires = excluded.expires, source = excluded.source, spaced = excluded.spaced,
    words = excluded.words, analysis = excluded.analysis
RETURNING n
"""
_RECORD: Final = (
    "id, text, kind, speaker, at, session, valid_from, valid_until, NULLIF(expires, 9e999), importance, source,replaces"
)
_NEVER: Final = float("inf")
_SWEPT: Final = 500


class SqliteMemories:
    """Memories in the shared database; *keep* is how many seconds each kind is kept, for ever where it says nothing.

    One process, one instance: what another connection writes is seen when a user's index is next made.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keep: Mapping[str, float] = MappingProxyType({}),
        warm_bytes: int = 64_000_000,
    ) -> None:
        database.ensure(_SCHEMA)
        self._database = database
        self._connection = database.connection
        self._cursor = database.connection.cursor()
        self._cursor.row_factory = None
        self._clock = clock
        self._keep = keep
        self._warm = Warm(warm_bytes)

    async def remember(self, user: str, said: Said) -> None:
        known = self._one("SELECT session, at, speaker, text FROM memories WHERE user = ? AND id = ?", user, said.id)
        if known == (said.session, said.at, said.speaker, said.text):
            return
        expires = said.at + self._keep.get("said", _NEVER)
        words = packed(indexed(said.text, said.speaker, said.at))
        n = self._one(
            _KEEP,
            *(user, said.id, said.session, said.at, said.speaker, said.text),
            *(expires, said.source, spaced(said.text), words, ANALYSIS),
        )[0]
        if known is None:
            self._warm.add(user, Entry(n, said.session, said.at, words), expires)
        else:
            self._warm.drop(user)

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        now = self._clock.now()
        index = self._warm.get(user, now) or self._load(user, now)
        hits = index.search(packed(stems(cue.words)), limit, cue.only)
        rows = self._all(
            f"SELECT n, {_RECORD} FROM memories WHERE +user = ? AND n IN (SELECT value FROM json_each(?))",  # noqa: S608 - a constant.
            *(user, json.dumps([hit.n for hit in hits])),
        )
        memories = {row[0]: Memory(*row[1:]) for row in rows}
        ids = {n: memory.id for n, memory in memories.items()}
        return [_candidate(hit, memories[hit.n], ids, cue) for hit in hits]

    async def read(self, user: str, memory: str) -> Memory | None:
        row = self._one(
            f"SELECT {_RECORD} FROM memories WHERE user = ? AND id = ? AND expires > ?",  # noqa: S608 - a constant.
            *(user, memory, self._clock.now()),
        )
        return None if row is None else Memory(*row)

    async def page(self, user: str, query: str, limit: int, cursor: str | None) -> Page[Memory]:
        """Return a page; *query* finds words by their beginnings, as they are typed, those with most of them first."""
        begun = beginnings(query)
        if query.strip() and not begun:
            return Page((), None)
        of = json.dumps(["memories", *begun])
        place = (_NEVER, _NEVER, 0) if cursor is None else opened(of, cursor)
        rows = self._found(user, begun, place, limit + 1) if begun else self._newest(user, place, limit + 1)
        items = tuple(Memory(*row[3:]) for row in rows[:limit])
        return Page(items, sealed(of, *rows[limit - 1][:3]) if len(rows) > limit else None)

    def _newest(self, user: str, place: tuple[Any, ...], limit: int) -> list[tuple[Any, ...]]:
        return self._all(
            f"""SELECT 0, at, n, {_RECORD} FROM memories
                WHERE user = ? AND (at, n) < (?, ?) AND expires > ? ORDER BY at DESC, n DESC LIMIT ?""",  # noqa: S608 - a constant.
            *(user, *place[1:], self._clock.now(), limit),
        )

    def _found(self, user: str, begun: Sequence[str], place: tuple[Any, ...], limit: int) -> list[tuple[Any, ...]]:
        found = " + ".join(["(instr(spaced, ?) > 0)"] * len(begun))
        return self._all(
            f"""SELECT found, at, n, {_RECORD} FROM
                    (SELECT n AS number, {found} AS found FROM memories WHERE user = ? AND expires > ?)
                    JOIN memories ON n = number
                WHERE found > 0 AND (found, at, n) < (?, ?, ?) ORDER BY found DESC, at DESC, n DESC LIMIT ?""",  # noqa: S608 - as many question marks as words.
            *(*begun, user, self._clock.now(), *place, limit),
        )

    async def forget(self, user: str, memory: str) -> Memory | None:
        """Drop a memory with everything that has the same source turn; what is left has no word of it in its window."""
        forgotten = await self.read(user, memory)
        if forgotten is None:
            return None
        self._connection.execute(
            "DELETE FROM memories WHERE user = ? AND (id = ? OR source = ?)", (user, memory, forgotten.source)
        )
        self._warm.drop(user)
        await self._database.expunge()
        return forgotten

    async def sweep(self, now: float) -> int:
        """Delete the first few hundred that expired by *now* and return how many that were; 0: none are left."""
        rows = self._connection.execute(
            """DELETE FROM memories WHERE n IN (SELECT n FROM memories WHERE expires <= ? ORDER BY expires LIMIT ?)
               RETURNING user""",
            (now, _SWEPT),
        ).fetchall()
        for user in {row["user"] for row in rows}:
            self._warm.drop(user)
        return len(rows)

    def _load(self, user: str, now: float) -> Postings:
        rows = self._all(
            """SELECT n, session, at, words, expires, analysis FROM memories WHERE user = ? AND expires > ?
               ORDER BY session, at, n""",
            *(user, now),
        )
        if any(row[5] != ANALYSIS for row in rows):
            self._analyse(user)
            return self._load(user, now)
        expires = min((row[4] for row in rows), default=_NEVER)
        return self._warm.put(user, Postings(row[:4] for row in rows), expires)

    def _analyse(self, user: str) -> None:
        """Pack the words again of what an earlier release kept."""
        stale = self._all("SELECT text, speaker, at, n FROM memories WHERE user = ? AND analysis <> ?", user, ANALYSIS)
        self._connection.executemany(
            "UPDATE memories SET words = ?, analysis = ? WHERE n = ?",
            [(packed(indexed(text, speaker, at)), ANALYSIS, n) for text, speaker, at, n in stale],
        )

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._cursor.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - a row's values are of any type.
        return self._cursor.execute(statement, values).fetchone()


def _candidate(hit: Hit, memory: Memory, ids: Mapping[int, str], cue: Cue) -> Candidate:
    scores = {"words": hit.words, "nearby": hit.nearby, "around": hit.around}
    if cue.only is not None and cue.only[0] <= memory.at < cue.only[1]:
        scores["date"] = 1.0
    return Candidate(memory, scores, ids.get(hit.before), ids.get(hit.after))
