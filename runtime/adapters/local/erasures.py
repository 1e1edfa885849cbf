"""Who was erased, in a file of its own: it stays where it is when the database beside it is restored from a backup.

Asked rarely, so that each question opens the file. It names a user only while the erasure runs; nothing of that is left
in a log, since its journal goes with each change.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
from msgspec.structs import replace

from runtime.conversation import Erasure
from runtime.errors import Unavailable
from runtime.identity import pseudonym
from runtime.ports import Clock

_SCHEMA = """
CREATE TABLE IF NOT EXISTS erasures (
    who TEXT PRIMARY KEY,
    user TEXT NOT NULL,
    erasure BLOB NOT NULL
) WITHOUT ROWID;
"""
_PUT = "INSERT OR REPLACE INTO erasures (who, user, erasure) VALUES (?, ?, ?)"

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Erasure).decode


class SqliteErasures:
    """The list in the file at *path*, made with the first erasure; *busy*: seconds to wait for who else writes it."""

    def __init__(self, path: Path, clock: Clock, busy: float = 5.0) -> None:
        self._path = path
        self._clock = clock
        self._busy = busy

    async def begin(self, user: str, epoch: int, connection: str) -> Erasure:
        told = (connection,) if connection else ()
        with self._changing() as database:
            last = _read(database, user)
            if last is not None and last.ended is None:
                erasure = replace(last, told=tuple(dict.fromkeys((*last.told, *told))))
            else:
                newer = max(epoch, 1 if last is None else last.epoch + 1)
                erasure = Erasure(newer, self._clock.now(), told=told)
            database.execute(_PUT, (pseudonym(user), user, _encode(erasure)))
        return erasure

    async def read(self, user: str) -> Erasure | None:
        return self.standing(user)

    async def note(self, user: str, manifest: Mapping[str, int]) -> None:
        with self._changing() as database:
            if (last := _read(database, user)) is not None:
                database.execute(_PUT, (pseudonym(user), user, _encode(replace(last, manifest=dict(manifest)))))

    async def end(self, user: str, erasure: Erasure) -> tuple[str, ...]:
        with self._changing() as database:
            last = _read(database, user)
            database.execute(_PUT, (pseudonym(user), "", _encode(replace(erasure, told=()))))
        return () if last is None else last.told

    async def running(self) -> Sequence[str]:
        if not self._path.exists():
            return []
        with self._opened() as database:
            return [row[0] for row in database.execute("SELECT user FROM erasures WHERE user <> ''")]

    def standing(self, user: str) -> Erasure | None:
        """Return the last erasure of *user*."""
        if not self._path.exists():
            return None
        with self._opened() as database:
            return _read(database, user)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._opened() as database:
            database.execute("BEGIN IMMEDIATE")
            yield database
            database.execute("COMMIT")

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=self._busy, isolation_level=None)) as database:
                database.execute("PRAGMA secure_delete=ON")
                database.executescript(_SCHEMA)
                yield database
        except sqlite3.OperationalError as error:
            raise Unavailable(f"the list of erasures does not answer: {error.sqlite_errorname}") from error


def _read(database: sqlite3.Connection, user: str) -> Erasure | None:
    row = database.execute("SELECT erasure FROM erasures WHERE who = ?", (pseudonym(user),)).fetchone()
    return None if row is None else _decode(row[0])
