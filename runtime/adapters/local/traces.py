"""What the tables of one store hold of a user: counted, and deleted a few rows at a time for the others' sake."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Final

from runtime.adapters.local.database import Database

_AT_ONCE: Final = 500


class SqliteTraces:
    """The rows of *tables*, by the column that says whose they are; *cool* drops what is held in memory."""

    def __init__(
        self, database: Database, tables: Mapping[str, str], cool: Callable[[str], object] | None = None
    ) -> None:
        self._database = database
        self._cool = cool
        self._counts = [f'SELECT COUNT(*) FROM {table} WHERE "{column}" = ?' for table, column in tables.items()]  # noqa: S608 - constants.
        self._deletions = [_deletion(database, table, column) for table, column in tables.items()]

    async def count(self, user: str) -> int:
        return sum(self._database.rows(statement, (user,))[0][0] for statement in self._counts)

    async def erase(self, user: str) -> None:
        for statement in self._deletions:
            while self._database.change(statement, (user, _AT_ONCE)):  # noqa: ASYNC110 - it gives others their turn.
                await asyncio.sleep(0)
        if self._cool is not None:
            self._cool(user)


def _deletion(database: Database, table: str, column: str) -> str:
    keys = ", ".join(f'"{row["name"]}"' for row in database.rows(f"PRAGMA table_info({table})") if row["pk"])
    return f'DELETE FROM {table} WHERE ({keys}) IN (SELECT {keys} FROM {table} WHERE "{column}" = ? LIMIT ?)'  # noqa: S608 - constants.
