"""`python -m tests [arguments of pytest]`: all tests, in three processes side by side.

Tests with real parts mostly wait (for a browser, a provider, a time-out), those without mostly compute, so together
they take hardly longer than the longest alone. Who needs the emulators is in one process, so that each starts once.
What the others say is printed when they are done.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_TESTS = Path(__file__).parent
_ON_EMULATORS = frozenset({"adapters", "deployed", "lambdas", "parts"})
_NO_TESTS = 5


def main(arguments: list[str]) -> int:
    """Run all; return 0 if every test passed, or the first other exit code."""
    if any(one.startswith("-m") for one in arguments):
        return _start(arguments, None).wait()
    folders = {path.name for path in _TESTS.iterdir() if path.is_dir()}
    shown = _start(["-m", "real", *_without(folders - _ON_EMULATORS), *arguments], None)
    beside = {
        "the other real parts": _start(["-m", "real", *_without(_ON_EMULATORS), *arguments], subprocess.PIPE),
        "without real parts": _start(["-m", "not real", *arguments], subprocess.PIPE),
    }
    said = {title: process.communicate()[0] for title, process in beside.items()}
    codes = [shown.wait(), *(process.returncode for process in beside.values())]
    for title, output in said.items():
        sys.stdout.buffer.write(f"· {title}\n".encode() + output)
    found = [code for code in codes if code != _NO_TESTS]
    return next((code for code in found if code), 0) if found else _NO_TESTS


def _without(folders: set[str] | frozenset[str]) -> list[str]:
    return [f"--ignore={_TESTS / name}" for name in sorted(folders)]


def _start(arguments: list[str], output: int | None) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "pytest", *arguments], stdout=output)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
