"""Processes that a test run starts: none outlives it, and one that fails says why."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.parts.process import serve

pytestmark = pytest.mark.real

_SERVES = """
import sys
from pathlib import Path
from tests.parts.process import serve
server = serve(lambda port: [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"], Path(sys.argv[1]))
server.answers("/")
print(server.url, flush=True)
server.keeper.wait()
"""


@pytest.mark.parametrize("kill", [os.kill, os.killpg], ids=["alone", "with its group"])
def test_what_a_test_run_started_dies_with_it_however_it_dies(kill: Callable[[int, int], None], tmp_path: Path) -> None:
    command = [sys.executable, "-c", _SERVES, str(tmp_path / "log")]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert run.stdout
    url = run.stdout.readline().strip()

    kill(run.pid, signal.SIGKILL)
    run.communicate()

    deadline = time.monotonic() + 60
    while _listens(url):
        assert time.monotonic() < deadline


def test_a_process_that_ends_is_named_with_what_it_said(tmp_path: Path) -> None:
    served = serve(lambda _: [sys.executable, "-c", "raise SystemExit('no such thing')"], tmp_path / "log")

    with pytest.raises(AssertionError, match="it ended: no such thing"):
        served.answers("/")
    served.end()


def _listens(url: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", int(url.rsplit(":", 1)[1]))) == 0
