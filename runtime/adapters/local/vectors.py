"""The vectors of what was said: one a memory, beside its row and gone with it.

Triggers keep the two together, whoever writes: a new text has no vector yet, a text that changes loses its own, and a
row that is deleted takes it along. So whoever erases or corrects a memory need not know that there are vectors.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Final

from runtime.adapters.local import records
from runtime.adapters.local.database import Database
from runtime.adapters.local.matrix import halved
from runtime.adapters.local.warm import Warm
from runtime.conversation import Memory

_THERE: Final = "SELECT 1 FROM sqlite_master WHERE name = 'vectors'"
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS vectors (
    user TEXT NOT NULL, n INTEGER NOT NULL, model TEXT NOT NULL DEFAULT '', vector BLOB NOT NULL DEFAULT x'',
    PRIMARY KEY (user, n)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS vectors_by_model ON vectors (user, model);
CREATE INDEX IF NOT EXISTS memories_by_speaker ON memories (user, speaker);
CREATE TRIGGER IF NOT EXISTS vectors_begin AFTER INSERT ON memories WHEN NEW.kind = 'said'
    BEGIN INSERT OR REPLACE INTO vectors (user, n) VALUES (NEW.user, NEW.n); END;
CREATE TRIGGER IF NOT EXISTS vectors_change AFTER UPDATE OF text ON memories WHEN NEW.text <> OLD.text
    BEGIN UPDATE vectors SET model = '', vector = x'' WHERE user = NEW.user AND n = NEW.n; END;
CREATE TRIGGER IF NOT EXISTS vectors_end AFTER DELETE ON memories
    BEGIN DELETE FROM vectors WHERE user = OLD.user AND n = OLD.n; END;
"""
_EARLIER: Final = "INSERT OR IGNORE INTO vectors (user, n) SELECT user, n FROM memories WHERE kind = 'said'"
_SPEAKERS: Final = """
WITH RECURSIVE names (name) AS (
    SELECT MIN(speaker) FROM memories WHERE user = :user UNION ALL
    SELECT (SELECT MIN(speaker) FROM memories WHERE user = :user AND speaker > name) FROM names WHERE name IS NOT NULL)
SELECT name FROM names WHERE name IS NOT NULL
"""
_LACKING: Final = f"""
SELECT {records.RECORD} FROM memories WHERE user = :user AND n IN (
    SELECT n FROM vectors WHERE user = :user AND model < :model UNION ALL
    SELECT n FROM vectors WHERE user = :user AND model > :model LIMIT :limit)
"""  # noqa: S608 - a constant.
_KEEP: Final = """
UPDATE vectors SET model = ?, vector = ? WHERE user = ? AND n = (
    SELECT n FROM memories WHERE user = ? AND id = ? AND text = ?) RETURNING n
"""
_SOME: Final = "SELECT n, vector FROM vectors WHERE user = ? AND model = ? AND n > ? ORDER BY n LIMIT ?"
_SLICE: Final = 500


def ensure(database: Database) -> None:
    """Make the table and its triggers; memories of an earlier release are without vectors yet."""
    known = database.rows(_THERE)
    database.ensure(_SCHEMA)
    if not known:
        database.change(_EARLIER)


class SqliteVectors:
    """Vectors beside the memories of *database*; those that are *warm* learn of new ones."""

    def __init__(self, database: Database, warm: Warm) -> None:
        ensure(database)
        self._database = database
        self._cursor = database.connection.cursor()
        self._cursor.row_factory = None
        self._warm = warm

    async def speakers(self, user: str) -> frozenset[str]:
        return frozenset(name for (name,) in self._cursor.execute(_SPEAKERS, {"user": user}))

    async def lacking(self, user: str, model: str, limit: int) -> Sequence[Memory]:
        values = {"user": user, "model": model, "limit": limit}
        return [records.memory(row) for row in self._cursor.execute(_LACKING, values)]

    async def keep(self, user: str, model: str, vectors: Sequence[tuple[Memory, Sequence[float]]]) -> None:
        with self._database.transaction():
            for memory, vector in vectors:
                kept = halved(vector)
                row = self._cursor.execute(_KEEP, (model, kept, user, user, memory.id, memory.text)).fetchone()
                if row is not None:
                    self._warm.place(user, model, row[0], kept)

    async def all(self, user: str, model: str) -> Sequence[tuple[int, bytes]]:
        """Return every vector of *model*, by its record's number; some at a time, for the loop is everybody's."""
        found: list[tuple[int, bytes]] = []
        after = 0
        while True:
            part = self._cursor.execute(_SOME, (user, model, after, _SLICE)).fetchall()
            found += part
            if len(part) < _SLICE:
                return found
            after = part[-1][0]
            await asyncio.sleep(0)
