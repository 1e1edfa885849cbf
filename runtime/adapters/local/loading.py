"""A person's index made from their rows, some at a time and the rest in a thread, for the event loop is everybody's.

A load goes on when nobody waits for it any more: a turn gives up after milliseconds, and the next one finds it done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

from runtime.adapters.local import records
from runtime.adapters.local.database import Database
from runtime.adapters.local.postings import Entry, Postings, packed
from runtime.adapters.local.vectors import SqliteVectors
from runtime.adapters.local.warm import Warm
from runtime.recall.words import ANALYSIS, indexed

_SLICE: Final = 250
_NEVER: Final = float("inf")
_ROWS: Final = f"""
SELECT n, session, at, words, expires, analysis, {records.RECORD} FROM memories
WHERE user = ? AND (session, at, n) > (?, ?, ?) AND expires > ? AND kind = ? AND (kind = 'fact' OR valid_until IS NULL)
ORDER BY session, at, n LIMIT ?
"""  # noqa: S608 - a constant.


class Loader:
    """Fills *warm*, one for each kind of memory: facts have no neighbours, and move no score of what was said."""

    def __init__(self, database: Database, warm: Mapping[str, Warm], vectors: SqliteVectors) -> None:
        self._connection = database.connection
        self._cursor = database.connection.cursor()
        self._cursor.row_factory = None
        self._warm, self._vectors = warm, vectors
        self._loads: dict[tuple[str, str], asyncio.Future[Postings]] = {}
        self._model = ""

    @property
    def busy(self) -> bool:
        """Whether anything is being loaded."""
        return bool(self._loads)

    async def index(self, user: str, now: float, kind: str, model: str | None = None) -> Postings:
        """Return the index of one *kind*, with the vectors of *model* where it is named."""
        warm = self._warm[kind]
        self._model = model or self._model
        found = warm.get(user, now)
        if found is not None and model in {None, found.model}:
            return found
        if (loading := self._loads.get((user, kind))) is None:
            loading = self._loads[user, kind] = asyncio.ensure_future(self._load(user, now, kind))
            loading.add_done_callback(lambda _: self._loads.pop((user, kind)))
        return await asyncio.shield(loading)

    async def _load(self, user: str, now: float, kind: str) -> Postings:
        """Make an index, and again where anything was written meanwhile."""
        model = self._model if kind == "said" else ""
        with self._warm[kind].watched(user) as watch:
            rows = await self._rows(user, now, kind)
            vectors = await self._vectors.all(user, model) if model else []
            made = (rows, model, vectors)
            postings = _made(*made) if len(rows) < _SLICE else await asyncio.to_thread(_made, *made)
        if any(row[5] != ANALYSIS for row in rows):
            self._analyse(user)
        elif not watch.changed:
            return self._warm[kind].put(user, postings, min((row[4] for row in rows), default=_NEVER))
        return await self._load(user, now, kind)

    async def _rows(self, user: str, now: float, kind: str) -> list[tuple[Any, ...]]:
        rows: list[tuple[Any, ...]] = []
        session, at, n = "", -_NEVER, 0
        while True:
            part = self._cursor.execute(_ROWS, (user, session, at, n, now, kind, _SLICE)).fetchall()
            rows += part
            if len(part) < _SLICE:
                return rows
            n, session, at = part[-1][:3]
            await asyncio.sleep(0)

    def _analyse(self, user: str) -> None:
        """Pack the words again of what an earlier release kept."""
        stale = self._cursor.execute(
            "SELECT text, speaker, at, n FROM memories WHERE user = ? AND analysis <> ?", (user, ANALYSIS)
        ).fetchall()
        self._connection.executemany(
            "UPDATE memories SET words = ?, analysis = ? WHERE n = ?",
            [(packed(indexed(text, speaker, at)), ANALYSIS, n) for text, speaker, at, n in stale],
        )


def _made(rows: Sequence[tuple[Any, ...]], model: str, vectors: Sequence[tuple[int, bytes]]) -> Postings:
    postings = Postings(Entry(row[0], row[3], records.memory(row[6:])) for row in rows)
    if model:
        postings.learn(model, vectors)
    return postings
