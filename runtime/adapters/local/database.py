"""One SQLite file with one writer: short statements run inline, since a thread costs more than they do.

Write-ahead logging keeps a transaction through `kill -9`; *durable* also through a power cut (an fsync at each commit).
Checkpoints run in a thread (`checkpoint`): inline they would stop the loop for milliseconds.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


class Database:
    """The connection that all local stores share; each brings its own tables by `ensure`."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        """Open the file at *path*, made where it is missing."""
        self._path = path
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.connection.row_factory = sqlite3.Row
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "wal_autocheckpoint=0",
            "secure_delete=ON",
            "busy_timeout=5000",
            "cache_size=-16384",
        ):
            self.connection.execute(f"PRAGMA {pragma}")

    def ensure(self, schema: str) -> None:
        """Make what *schema* (statements with `IF NOT EXISTS`) says and the file does not have yet."""
        self.connection.executescript(schema)

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock: all of the block is stored, or nothing of it."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    async def checkpoint(self) -> None:
        """Move the log into the file, off the event loop."""
        await asyncio.to_thread(self._checkpoint)

    def _checkpoint(self) -> None:
        with closing(sqlite3.connect(self._path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Move the log into the file and close it."""
        self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()
