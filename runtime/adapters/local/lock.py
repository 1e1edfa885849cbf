"""One process owns a data folder: an advisory lock that goes with its process, however that ends."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from runtime.errors import Misconfigured

_FILE = "owner"
_TRIES = 100


@contextmanager
def owned(data: Path) -> Iterator[None]:
    """Own *data* for the length of the block; raise `Misconfigured` naming the process that does already."""
    descriptor = _open(data)
    try:
        if not _locked(descriptor):
            raise Misconfigured(
                f"got: {data} as the data folder; why: process {_pid(descriptor)} uses it; "
                "instead: stop that one, or name another folder in DATA"
            )
        os.truncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def owner(data: Path) -> int | None:
    """Return the id of the process that owns *data*, None if nobody does."""
    descriptor = _open(data)
    try:
        return None if _try(descriptor, fcntl.LOCK_SH) else _pid(descriptor)
    finally:
        os.close(descriptor)


def _open(data: Path) -> int:
    try:
        return os.open(data / _FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise Misconfigured(
            f"got: {data} as the data folder; why: {error.strerror or 'nothing can be written there'}; "
            "instead: name a folder in DATA that is yours to write to"
        ) from error


def _locked(descriptor: int) -> bool:
    """Lock for this process alone; one that only asks (`owner`) is in the way for microseconds, and is waited for."""
    for _ in range(_TRIES):
        if _try(descriptor, fcntl.LOCK_EX):
            return True
        if not _try(descriptor, fcntl.LOCK_SH):
            return False
    return False


def _try(descriptor: int, kind: int) -> bool:
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _pid(descriptor: int) -> int:
    return int(os.pread(descriptor, 20, 0) or 0)
