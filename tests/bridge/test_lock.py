"""Who holds a lock is another process, because a POSIX lock keeps no one out of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bridge.lock import _is_still, locked
from bridge.refused import Held

_HOLDER = """
import pathlib, sys
from bridge.lock import locked
with locked(pathlib.Path(sys.argv[1])) as held:
    print("held", flush=True)
    if data := sys.stdin.readline():
        held.replace(data.encode())
"""


@contextmanager
def another_holds(path: Path) -> Iterator[subprocess.Popen[str]]:
    call = [sys.executable, "-c", _HOLDER, str(path)]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield holder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.tfstate"


def test_the_new_contents_are_there_whole_and_the_old_ones_in_the_backup(path: Path) -> None:
    path.write_bytes(b"old")

    with locked(path) as held:
        held.replace(b"new")
        assert held.read() == b"new"

    assert path.read_bytes() == b"new"
    assert {file.name: file.read_bytes() for file in path.parent.iterdir()} == {
        "x.tfstate": b"new",
        "x.tfstate.backup": b"old",
    }


def test_a_file_that_is_new_is_for_its_owner_alone_and_has_no_backup(path: Path) -> None:
    with locked(path) as held:
        held.replace(b"new")

    assert [file.name for file in path.parent.iterdir()] == ["x.tfstate"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_may_read_stays_so(path: Path) -> None:
    path.write_bytes(b"old")
    path.chmod(0o640)

    with locked(path) as held:
        held.replace(b"new")

    assert {file.stat().st_mode & 0o777 for file in path.parent.iterdir()} == {0o640}


def test_a_link_goes_on_to_lead_to_the_file(path: Path) -> None:
    link = path.parent / "link.tfstate"
    link.symlink_to(path)

    with locked(link) as held:
        held.replace(b"new")

    assert link.is_symlink()
    assert path.read_bytes() == b"new"


def test_another_name_of_the_old_file_keeps_what_it_had(path: Path) -> None:
    path.write_bytes(b"old")
    other = path.parent / "other"
    os.link(path, other)

    with locked(path) as held:
        held.replace(b"new")

    assert other.read_bytes() == b"old"


def test_where_nothing_can_be_written_aside_everything_stays(path: Path) -> None:
    path.write_bytes(b"old")
    (path.parent / "x.tfstate.backup").mkdir()

    with pytest.raises(OSError, match="backup"), locked(path) as held:
        held.replace(b"new")

    assert path.read_bytes() == b"old"
    assert sorted(file.name for file in path.parent.iterdir()) == ["x.tfstate", "x.tfstate.backup"]


@pytest.mark.real
def test_the_lock_is_beside_the_file_while_it_is_held(path: Path) -> None:
    with another_holds(path) as holder:
        assert (path.parent / ".x.tfstate.lock.info").stat().st_mode & 0o777 == 0o600
        holder.communicate("")

    assert not (path.parent / ".x.tfstate.lock.info").exists()


@pytest.mark.real
def test_the_lock_of_a_hidden_file_has_one_dot(tmp_path: Path) -> None:
    with another_holds(tmp_path / ".x.tfstate") as holder:
        assert sorted(file.name for file in tmp_path.iterdir()) == [".x.tfstate", ".x.tfstate.lock.info"]
        holder.communicate("")


def test_a_file_that_was_renamed_over_between_opening_and_locking_is_not_taken_for_the_new_one(path: Path) -> None:
    path.write_bytes(b"old")

    with path.open("rb") as file:
        assert _is_still(path, file.fileno())
        path.with_name("new").write_bytes(b"new")
        path.with_name("new").replace(path)
        assert not _is_still(path, file.fileno())


@pytest.mark.real
def test_a_held_lock_names_its_holder_and_how_to_wait(path: Path) -> None:
    with another_holds(path), pytest.raises(Held, match=r"locked by \S+@\S+ since 20\S+Z .*\n.*\n.*--lock-timeout"):
        locked(path).__enter__()


@pytest.mark.real
def test_a_lock_whose_holder_was_killed_is_free(path: Path) -> None:
    with another_holds(path) as holder:
        holder.kill()

    assert (path.parent / ".x.tfstate.lock.info").exists()
    with locked(path) as held:
        held.replace(b"new")


@pytest.mark.real
def test_who_waited_while_the_file_was_replaced_reads_the_new_one(path: Path) -> None:
    with another_holds(path) as holder, locked(path, timeout=60, wait=lambda _: holder.communicate("new")) as held:
        assert held.read() == b"new"
