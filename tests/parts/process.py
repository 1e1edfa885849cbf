"""Processes that listen on a port of the loopback: started without waiting, awaited when a test needs them."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from tests.parts.endpoint import Endpoint
from tests.parts.keeper import kept

_ROOT = Path(__file__).parents[2]
_BETWEEN_ASKS_S = 0.02
_OF_ITS_LOG = 3000


@dataclass(frozen=True)
class Served:
    """A process that somebody keeps, where it answers, and the file it writes to."""

    keeper: subprocess.Popen[bytes]
    url: str
    log: Path

    def end(self) -> None:
        """Kill the process and wait until it is gone."""
        self.keeper.communicate()

    def answers(self, path: str, within: float = 180) -> None:
        """Wait until a GET of *path* is answered with 200; fail with the end of its log if it ends or takes longer."""
        deadline = time.monotonic() + within
        while not self._is_answered(path):
            assert not self._ended_within(_BETWEEN_ASKS_S), f"it ended: {self._said()}"
            assert time.monotonic() < deadline, f"no answer within {within:.0f} s: {self._said()}"

    def _is_answered(self, path: str) -> bool:
        with suppress(OSError, HTTPException):
            Endpoint(self.url).ask(path, within=2)
            return True
        return False

    def _ended_within(self, seconds: float) -> bool:
        with suppress(subprocess.TimeoutExpired):
            self.keeper.wait(seconds)
        return self.keeper.returncode is not None

    def _said(self) -> str:
        return self.log.read_text(errors="replace")[-_OF_ITS_LOG:]


def serve(
    command: Callable[[int], Sequence[str]],
    log: Path,
    environ: Mapping[str, str] | None = None,
    user: int | None = None,
) -> Served:
    """Start `command(port)` for a port that is free, as *user* (default: whoever runs the tests)."""
    port = free_port()
    with log.open("wb") as out:
        process = subprocess.Popen(
            kept(*command(port), user=user),
            cwd=_ROOT,
            env=os.environ | (environ or {}),
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    return Served(process, f"http://127.0.0.1:{port}", log)


def free_port() -> int:
    """Return a port of the loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
