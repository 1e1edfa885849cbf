"""Long-term memory: one row a record, the words it is found by packed into the row, each user's index warm in memory.

SQLite's own FTS5 is left aside: `bm25()` over one table counts everybody's words, and a table per user makes the schema
what grows. A user's index is made from their rows when it is first asked for, and kept up to date from then on.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from runtime.adapters.cursors import opened, sealed
from runtime.adapters.local import records
from runtime.adapters.local.database import Database
from runtime.adapters.local.loading import Loader
from runtime.adapters.local.postings import Entry, Found, packed
from runtime.adapters.local.vectors import SqliteVectors
from runtime.adapters.local.warm import Warm
from runtime.conversation import Memory, Said
from runtime.extraction.timeline import without
from runtime.ports import Candidate, Clock, Cue, Page
from runtime.recall.words import ANALYSIS, beginnings, indexed, spaced, stems

_NEVER: Final = float("inf")
_SWEPT: Final = 500


class SqliteMemories:
    """Memories in the shared database; *keep* is how many seconds each kind is kept, for ever where it says nothing.

    *warm_bytes* bounds what is in memory of those who were last here: enough for 170,000 things that were said.
    One process, one instance: what another connection writes is seen when a user's index is next made.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        keep: Mapping[str, float] = MappingProxyType({}),
        warm_bytes: int = 96_000_000,
    ) -> None:
        records.ensure(database)
        self._database = database
        self._connection = database.connection
        self._cursor = database.connection.cursor()
        self._cursor.row_factory = None
        self._clock = clock
        self._keep = keep
        self._warm = Warm(warm_bytes)
        self._warm_facts = Warm(warm_bytes // 4)
        self.vectors = SqliteVectors(database, self._warm)
        self._loader = Loader(database, {"said": self._warm, "fact": self._warm_facts}, self.vectors)

    async def remember(self, user: str, said: Said) -> None:
        known = self._one(records.KNOWN, user, said.id)
        if known and (known[0] is not None or known[1:] == (said.session, said.at, said.speaker, said.text)):
            return
        expires = said.at + self._keep.get("said", _NEVER)
        words = packed(indexed(said.text, said.speaker, said.at))
        n, *kept = self._one(
            records.KEEP,
            *(user, said.id, said.session, said.at, said.speaker, said.text),
            *(expires, said.source, spaced(said.text), words, ANALYSIS),
        )
        if known is None:
            self._warm.add(user, Entry(n, words, records.memory(kept)), expires)
        else:
            self._warm.drop(user)

    async def write(self, user: str, memory: Memory) -> None:
        words = packed(indexed(memory.text, memory.speaker, memory.at))
        expires = memory.at + self._keep.get(memory.kind, _NEVER) if memory.expires is None else memory.expires
        self._one(records.WRITE, *(user, spaced(memory.text), words, ANALYSIS), *records.values(memory, expires))
        (self._warm if memory.kind == "said" else self._warm_facts).drop(user)

    async def facts(self, user: str, subject: str = "", attribute: str = "") -> Sequence[Memory]:
        rows = self._all(
            f"""SELECT {records.RECORD} FROM memories INDEXED BY memories_by_subject
                WHERE user = ? AND kind = 'fact' AND expires > ?
                    AND (? = '' OR subject = ?) AND (? = '' OR attribute = ?) ORDER BY at, n""",  # noqa: S608 - a constant.
            *(user, self._clock.now(), subject, subject, attribute, attribute),
        )
        return [records.memory(row) for row in rows]

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        now, words = self._clock.now(), packed(stems(cue.words))
        said = await self._loader.index(user, now, "said", cue.vector.model if cue.vector else None)
        facts = await self._loader.index(user, now, "fact")
        meaning = cue.vector.numbers if cue.vector else None
        found = _said(said.search(words, limit, cue.only, meaning), cue.only)
        found += _stated(facts.search(words, limit, None))
        return [*found, *self._asked(user, cue, limit, {one.memory.id for one in found})] if cue.about else found

    def _asked(self, user: str, cue: Cue, limit: int, found: Collection[str]) -> list[Candidate]:
        """Return the newest facts of the attributes that are asked for, whatever their words."""
        rows = self._all(
            f"""SELECT {records.RECORD} FROM memories INDEXED BY memories_by_attribute
                WHERE user = ? AND kind = 'fact' AND expires > ? AND attribute IN (SELECT value FROM json_each(?))
                ORDER BY at DESC LIMIT ?""",  # noqa: S608 - a constant.
            *(user, self._clock.now(), json.dumps(sorted(cue.about)), limit),
        )
        return [Candidate(fact, {"fact": 0.0}) for fact in map(records.memory, rows) if fact.id not in found]

    async def read(self, user: str, memory: str) -> Memory | None:
        row = self._one(
            f"SELECT {records.RECORD} FROM memories WHERE user = ? AND id = ? AND expires > ?",  # noqa: S608 - a constant.
            *(user, memory, self._clock.now()),
        )
        return None if row is None else records.memory(row)

    async def page(self, user: str, query: str, limit: int, cursor: str | None) -> Page[Memory]:
        """Return a page; *query* finds words by their beginnings, as they are typed, those with most of them first."""
        begun = beginnings(query)
        if query.strip() and not begun:
            return Page((), None)
        of = json.dumps(["memories", *begun])
        place = (_NEVER, _NEVER, 0) if cursor is None else opened(of, cursor)
        rows = self._found(user, begun, place, limit + 1) if begun else self._newest(user, place, limit + 1)
        items = tuple(records.memory(row[3:]) for row in rows[:limit])
        return Page(items, sealed(of, *rows[limit - 1][:3]) if len(rows) > limit else None)

    def _newest(self, user: str, place: tuple[Any, ...], limit: int) -> list[tuple[Any, ...]]:
        return self._all(
            f"""SELECT 0, at, n, {records.RECORD} FROM memories
                WHERE user = ? AND (at, n) < (?, ?) AND expires > ? ORDER BY at DESC, n DESC LIMIT ?""",  # noqa: S608 - a constant.
            *(user, *place[1:], self._clock.now(), limit),
        )

    def _found(self, user: str, begun: Sequence[str], place: tuple[Any, ...], limit: int) -> list[tuple[Any, ...]]:
        found = " + ".join(["(instr(spaced, ?) > 0)"] * len(begun))
        return self._all(
            f"""SELECT found, at, n, {records.RECORD} FROM
                    (SELECT n AS number, {found} AS found FROM memories WHERE user = ? AND expires > ?)
                    JOIN memories ON n = number
                WHERE found > 0 AND (found, at, n) < (?, ?, ?) ORDER BY found DESC, at DESC, n DESC LIMIT ?""",  # noqa: S608 - as many question marks as words.
            *(*begun, user, self._clock.now(), *place, limit),
        )

    async def forget(self, user: str, memory: str) -> Memory | None:
        """Drop a memory with everything that was said in its turns; what is left has no word of it in its window."""
        forgotten = await self.read(user, memory)
        if forgotten is None:
            return None
        changed, gone = without(await self.facts(user), forgotten.sources)
        with self._database.transaction() as connection:
            connection.execute(
                """DELETE FROM memories WHERE user = ? AND (id = ? OR id IN (SELECT value FROM json_each(?))
                   OR (kind = 'said' AND source IN (SELECT value FROM json_each(?))))""",
                (user, memory, json.dumps(gone), json.dumps(forgotten.sources)),
            )
            for fact in changed:
                await self.write(user, fact)
        self.cool(user)
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
            self.cool(user)
        return len(rows)

    def cool(self, user: str) -> None:
        """Drop what is held in memory of *user*: it is made again from the rows."""
        self._warm.drop(user)
        self._warm_facts.drop(user)

    def _all(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        return self._cursor.execute(statement, values).fetchall()

    def _one(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - a row's values are of any type.
        return self._cursor.execute(statement, values).fetchone()


def _said(found: Found, only: tuple[float, float] | None) -> list[Candidate]:
    places, records = found.places, found.records
    scores = _scores(found)
    before: list[str | None] = [None] * len(records)
    after = before.copy()
    for number in range(1, len(places)):
        if places[number - 1] + 1 == places[number] and records[number - 1].session == records[number].session:
            before[number], after[number - 1] = records[number - 1].id, records[number].id
    if only is not None:
        for record, its in zip(records, scores, strict=True):
            if only[0] <= record.at < only[1]:
                its["date"] = 1.0
    return list(map(Candidate, records, scores, before, after))


def _scores(found: Found) -> list[dict[str, float]]:
    words, *meaning = [*zip(*found.scores[:3], strict=True)], *found.scores[3:]
    if not meaning:
        return [{"words": own, "nearby": nearby, "around": around} for own, nearby, around in words]
    return [
        {"words": own, "nearby": nearby, "around": around, "meaning": meant, "meaning_nearby": meant_nearby}
        for (own, nearby, around), meant, meant_nearby in zip(words, *meaning, strict=True)
    ]


def _stated(found: Found) -> list[Candidate]:
    pairs = zip(found.records, *found.scores[:1], strict=True)
    return [Candidate(memory, {"fact": score}) for memory, score in pairs if score > 0]
