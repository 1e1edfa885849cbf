"""A companion's server as a process of its own, with a folder and a port that only one test module knows."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from runtime.adapters.local.clock import SystemClock
from runtime.adapters.local.keys import TokenKey

_ROOT = Path(__file__).parents[2]
_KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")
TO_STRANGERS: Final[Mapping[str, str]] = {"HOST": "0.0.0.0"}  # noqa: S104 - only then the page has to sign in.


def token(data: Path, user: str = "ana", seconds: float = 3600.0) -> str:
    """Return what signs *user* in for *seconds* at the server whose folder is *data*."""
    return TokenKey(data).token(user, SystemClock().now(), seconds)


class Server:
    """Starts, dies and starts again at the same address."""

    def __init__(self, data: Path, **environ: str) -> None:
        """Take a free port."""
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.port = taken.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/"
        self._told = {"PORT": str(self.port), "DATA": str(data), **environ}
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Return when it answers."""
        environ = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environ |= self._told
        command = [sys.executable, "-m", "runtime"]
        self._process = subprocess.Popen(command, cwd=_ROOT, env=environ, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        assert self.url in ready, ready

    def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it and wait until it is gone."""
        assert self._process is not None
        self._process.send_signal(how)
        self._process.communicate(timeout=60)
