"""A state file, held as Terraform holds it, and replaced whole.

The lock is a POSIX lock on the file; `.NAME.lock.info` beside it only says who has it. Such a lock is on the file that
was opened, not on its name, so a file that was renamed over leaves those who wait holding the old one. We look again
after waiting. Terraform does not: what we leave in the old file makes it stop there, where it would write into nothing.
Closing any other descriptor of the file would drop the lock, so all reading is through the one that holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event

from bridge.holder import held, note
from bridge.refused import Held

_LOOK_AGAIN_S = 0.1
_NEVER = Event()
_GONE = b'{"version":4,"terraform_version":"none: this file was replaced while you waited for its lock; run again"}\n'


class Locked:
    """The right to read and replace one state file."""

    def __init__(self, path: Path, file: int) -> None:
        self._path = path
        self._files = [file]

    def __repr__(self) -> str:
        """Name the file."""
        return f"Locked({str(self._path)!r})"

    def read(self) -> bytes:
        """Read the file as it is now; one that is not there yet is empty."""
        file, parts, at = self._files[-1], [], 0
        while part := os.pread(file, 1 << 24, at):
            parts.append(part)
            at += len(part)
        return b"".join(parts)

    def replace(self, data: bytes) -> None:
        """Put *data* in the file's place, all or nothing, and what was there into its backup."""
        path, before, old = self._path.resolve(), self.read(), self._files[-1]
        if before:
            os.close(_put(before, self._path.with_name(f"{self._path.name}.backup"), like=old))
        self._files.append(_put(data, path, like=old))
        if os.fstat(old).st_nlink == 0:
            os.ftruncate(old, 0)
            os.pwrite(old, _GONE, 0)

    def release(self) -> None:
        """Let the next one in."""
        _info_path(self._path).unlink(missing_ok=True)
        for file in self._files:
            os.close(file)


@contextmanager
def locked(path: Path, *, timeout: float = 0.0, wait: Callable[[float], object] = _NEVER.wait) -> Iterator[Locked]:
    """Hold *path*, after waiting up to *timeout* seconds for whoever holds it; a file that is not there is made."""
    mine = Locked(path, _acquire(path, time.monotonic() + timeout, wait))
    try:
        _say_who(path)
        yield mine
    finally:
        mine.release()


def _acquire(path: Path, deadline: float, wait: Callable[[float], object]) -> int:
    while True:
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        if _lock(file) and _is_still(path, file):
            return file
        os.close(file)
        left = deadline - time.monotonic()
        if left <= 0:
            raise _held(path)
        wait(min(left, _LOOK_AGAIN_S))


def _lock(file: int) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


def _is_still(path: Path, file: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file))
    except FileNotFoundError:
        return False


def _put(data: bytes, path: Path, *, like: int) -> int:
    """Give *path* new contents at once; return the new file, open and locked."""
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    file = os.open(aside, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        _write(file, data, like)
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside.replace(path)
        _sync_folder(path.parent)
    except BaseException:
        os.close(file)
        aside.unlink(missing_ok=True)
        raise
    return file


def _write(file: int, data: bytes, like: int) -> None:
    looks = os.fstat(like)
    with suppress(PermissionError):
        os.fchown(file, looks.st_uid, looks.st_gid)
    os.fchmod(file, looks.st_mode & 0o7777)
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
    os.fsync(file)


def _sync_folder(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


def _info_path(path: Path) -> Path:
    return path.with_name(f".{path.name.removeprefix('.')}.lock.info")


def _say_who(path: Path) -> None:
    place = _info_path(path)
    place.unlink(missing_ok=True)
    with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(note(str(path)), file)


def _held(path: Path) -> Held:
    try:
        left = _info_path(path).read_bytes()
    except OSError:
        left = b""
    return held(str(path), left)
