"""One process owns a data folder, and others are told which."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.adapters.local.lock import owned, owner
from runtime.errors import Misconfigured

OWNING = """
import pathlib, signal, sys
from runtime.adapters.local.lock import owned
with owned(pathlib.Path(sys.argv[1])):
    print("owned", flush=True)
    signal.pause()
"""


def test_nobody_owns_a_folder_that_no_process_uses(tmp_path: Path) -> None:
    assert owner(tmp_path) is None


def test_who_owns_a_folder_is_known_while_they_do(tmp_path: Path) -> None:
    with owned(tmp_path):
        assert owner(tmp_path) == os.getpid()

    assert owner(tmp_path) is None


def test_a_second_owner_is_refused_and_told_who_is_the_first(tmp_path: Path) -> None:
    with owned(tmp_path):
        with pytest.raises(Misconfigured, match=f"process {os.getpid()} uses it"), owned(tmp_path):
            raise AssertionError
        assert owner(tmp_path) == os.getpid()


def test_a_folder_can_be_owned_again(tmp_path: Path) -> None:
    for _ in range(2):
        with owned(tmp_path):
            assert owner(tmp_path) == os.getpid()


def test_only_its_user_may_read_who_owns_a_folder(tmp_path: Path) -> None:
    with owned(tmp_path):
        assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


@pytest.mark.real
def test_a_killed_process_owns_nothing(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", OWNING, str(tmp_path)], stdout=subprocess.PIPE) as process:
        assert process.stdout
        assert process.stdout.readline() == b"owned\n"
        assert owner(tmp_path) == process.pid

        process.send_signal(signal.SIGKILL)

    with owned(tmp_path):
        assert owner(tmp_path) == os.getpid()
