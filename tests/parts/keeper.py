"""Runs a command for as long as somebody holds this process's standard input: so what a test started dies with it.

A test run that is killed runs no clean-up, but the system closes its pipes; this works wherever there are pipes. It is
in a session of its own: a signal to all of the run's group would end it, and not the command.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading


def kept(*command: str, user: int | None = None) -> list[str]:
    """Return how *command* is started, in the checkout, to end with whoever holds its standard input."""
    return [sys.executable, "-m", "tests.parts.keeper", "" if user is None else str(user), *command]


def main(user: str, *command: str) -> int:
    """Run *command* as *user* (a number; empty: as whoever runs this) and return its exit code."""
    with contextlib.suppress(PermissionError):  # It leads one already.
        os.setsid()
    # Another user may not look into every folder.
    other = {"user": int(user), "group": int(user), "extra_groups": [], "cwd": "/"} if user else {}
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True, **other)  # type: ignore[call-overload]
    threading.Thread(target=_end_when_abandoned, args=(child.pid,), daemon=True).start()
    return int(child.wait())


def _end_when_abandoned(group: int) -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
