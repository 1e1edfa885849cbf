"""One SQLite file with one writer: short statements run inline, since a thread costs more than they do.

Write-ahead logging keeps a transaction through `kill -9`; *durable* also through a power cut (an fsync at each commit).
Checkpoints run in a thread (`checkpoint`): inline they would stop the loop for milliseconds. What one store changed and
another waits for is announced in `changes`, so that nobody polls. Where another process holds the write lock, whoever
writes inline waits, and the event loop with them: `wait_at_most` says for how long.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from runtime.errors import Misconfigured, Unavailable

_log = logging.getLogger(__name__)
_TRIES = 5
_TIDY_SECONDS = 600.0
_PATIENCE = 5.0  # Where nobody waits yet, or nobody else is to blame.
_PASSING = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
}

type_of_value = str | bytes | int | float | None
type_of_values = Sequence[type_of_value] | Mapping[str, type_of_value]


class Changes:
    """Who is called when something changes, by the name of the thing; within this process only."""

    def __init__(self) -> None:
        self._listeners: dict[Hashable, list[Callable[[], None]]] = {}

    def listen(self, name: Hashable, listener: Callable[[], None]) -> None:
        """Call *listener* at each change of *name* from now on."""
        self._listeners.setdefault(name, []).append(listener)

    def ignore(self, name: Hashable, listener: Callable[[], None]) -> None:
        """Take back one `listen`."""
        listeners = self._listeners[name]
        listeners.remove(listener)
        if not listeners:
            del self._listeners[name]

    def announce(self, name: Hashable) -> None:
        """Call those who listen for *name*."""
        for listener in tuple(self._listeners.get(name, ())):
            listener()

    def __repr__(self) -> str:
        return f"<Changes: {sum(map(len, self._listeners.values()))} listeners>"


class Database:
    """The connection that all local stores share; each brings its own tables by `ensure`."""

    def __init__(self, path: Path, *, durable: bool = False) -> None:
        """Open the file at *path*, made where it is missing."""
        self._path = path
        self.changes = Changes()
        self._tidied = 0.0
        self._patience, self._hasty = _PATIENCE, False
        self._moving = asyncio.Lock()  # A checkpoint that meets another one gives up at once.
        try:
            self.connection = _opened(path, durable=durable)
        except sqlite3.DatabaseError as error:
            raise _useless(path, error) from error

    def ensure(self, schema: str) -> None:
        """Make what *schema* (statements with `IF NOT EXISTS`) says and the file does not have yet."""
        self.connection.executescript(schema)

    def extend(self, table: str, columns: Mapping[str, str]) -> None:
        """Add to *table*, made by an earlier release, those of *columns* (name: type) that it does not have yet."""
        known = {row["name"] for row in self.connection.execute(f"PRAGMA table_info({table})")}
        for name in columns.keys() - known:
            self.connection.execute(f"ALTER TABLE {table} ADD COLUMN {name} {columns[name]}")

    def wait_at_most(self, seconds: float) -> None:
        """Wait so long for a file that somebody else writes; who finds it written still waits no more until it isn't.

        Else every statement of every user would take its time, one after the other.
        """
        self._patience, self._hasty = seconds, False
        self._allow(seconds)

    def rows(self, statement: str, values: type_of_values = ()) -> list[sqlite3.Row]:
        """Return all rows of *statement*, which outside of a transaction is one by itself."""
        try:
            return self.connection.execute(statement, values).fetchall()
        except sqlite3.OperationalError as error:
            raise self._failed(error) from error

    def change(self, statement: str, values: type_of_values = ()) -> int:
        """Return how many rows *statement* changed, which outside of a transaction is one by itself."""
        try:
            changed = self.connection.execute(statement, values).rowcount
        except sqlite3.OperationalError as error:
            raise self._failed(error) from error
        if self._hasty:
            self.wait_at_most(self._patience)
        return changed

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Hold the write lock: all of the block is stored, or nothing of it."""
        self.change("BEGIN IMMEDIATE")
        try:
            yield self.connection
            self.change("COMMIT")
        except BaseException as error:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise _translated(error) from error
            raise

    async def checkpoint(self) -> None:
        """Move the log into the file, off the event loop."""
        async with self._moving:
            await asyncio.to_thread(self._checkpoint, "PASSIVE")

    async def expunge(self) -> None:
        """Leave no byte of what was deleted: it is overwritten in the file, and this empties the log of it.

        Where a page was once split or joined, it may hold a copy until the next `scrub`, which `tidy` sees to.
        Whoever writes meanwhile waits for it, some milliseconds: for what must not be kept, not for everything.
        """
        self._mark(stale=True)
        for _ in range(_TRIES):
            async with self._moving:
                if not await asyncio.to_thread(self._checkpoint, "TRUNCATE"):
                    return
        _log.warning("database.unexpunged")

    async def scrub(self) -> None:
        """Write the file anew: `secure_delete` overwrites what is deleted, but not what a page once moved elsewhere.

        Takes seconds for a file of gigabytes, and who writes meanwhile waits, the event loop with them: at most five
        seconds, since it is we who are in the way.
        """
        patience = self._patience
        async with self._moving:
            self.wait_at_most(max(patience, _PATIENCE))
            try:
                await asyncio.to_thread(self._vacuum)
            finally:
                self.wait_at_most(patience)
        await self.expunge()
        self._mark(stale=False)

    async def tidy(self, now: float) -> None:
        """Scrub where anything was expunged since the last time, but not each time: within ten minutes of *now*."""
        if self.rows("PRAGMA user_version")[0][0] and now >= self._tidied + _TIDY_SECONDS:
            self._tidied = now
            await self.scrub()

    def _allow(self, seconds: float) -> None:
        self.connection.execute(f"PRAGMA busy_timeout = {seconds * 1e3:.0f}")

    def _failed(self, error: sqlite3.OperationalError) -> Exception:
        if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY and not self._hasty:
            self._hasty = True
            self._allow(0)
        return _translated(error)

    def _mark(self, *, stale: bool) -> None:
        """Keep whether a page may still hold a copy, past the end of the process too."""
        if self.rows("PRAGMA user_version")[0][0] != stale:
            self.change(f"PRAGMA user_version = {int(stale)}")

    def _vacuum(self) -> None:
        try:
            with closing(sqlite3.connect(self._path, isolation_level=None)) as connection:
                connection.execute("VACUUM")
        except sqlite3.OperationalError as error:
            raise _translated(error) from error

    def _checkpoint(self, mode: str) -> bool:
        """Return whether somebody was in the way."""
        with closing(sqlite3.connect(self._path)) as connection:
            return bool(connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()[0])

    def close(self) -> None:
        """Move the log into the file, unless the disk is full (the next process reads the log), and close it."""
        with suppress(sqlite3.OperationalError):
            self.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.connection.close()


def _opened(path: Path, *, durable: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, cached_statements=512)
    connection.row_factory = sqlite3.Row
    for pragma in (
        f"busy_timeout={_PATIENCE * 1e3:.0f}",
        "journal_mode=WAL",
        f"synchronous={'FULL' if durable else 'NORMAL'}",
        "wal_autocheckpoint=0",
        "secure_delete=ON",
        "cache_size=-16384",
    ):
        connection.execute(f"PRAGMA {pragma}")
    (marked,) = connection.execute("PRAGMA user_version").fetchone()
    connection.execute(f"PRAGMA user_version = {marked}")  # A file that nobody may write to says so here.
    return connection


def _useless(path: Path, error: sqlite3.DatabaseError) -> Exception:
    """Tell a file that will never do from one that does not answer now."""
    if isinstance(error, sqlite3.OperationalError) and error.sqlite_errorcode & 0xFF in _PASSING:
        return _translated(error)
    return Misconfigured(
        f"got: {path}; why not: {error}; "
        "instead: make it readable and writable for you, put a backup in its place, or name another folder in DATA"
    )


def _translated(error: sqlite3.OperationalError) -> Exception:
    """Tell a database that does not answer now from a statement that is wrong."""
    if error.sqlite_errorcode & 0xFF in _PASSING:
        return Unavailable(f"the database does not answer: {error.sqlite_errorname}")
    return error
