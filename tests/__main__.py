"""`python -m tests [arguments of pytest]`: all tests, in processes side by side, each with folders of its own.

A folder is in one process, its tests with real parts and those without: so what is dear to make (the program deployed,
a provider's schemas, a search node, a browser) is made once. There is one process more than processors, since real
parts mostly wait; what a process says is printed when it is done. The longest begin first.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import NamedTuple

from tests.parts.keeper import kept

_TESTS = Path(__file__).parent
_SHARES = (
    ("engine",),
    ("engine/prod",),
    ("adapters",),
    ("deployed", "lambdas", "parts", "task"),
    ("bridge", "components", "contract", "policies", "test_program.py"),
    ("web",),
)
_NO_TESTS = 5


class _Ran(NamedTuple):
    title: str
    seconds: float
    code: int
    output: bytes


def main(arguments: list[str]) -> int:
    """Run all, or in one process what *arguments* choose; return 0 if all passed, or the first other exit code."""
    if any(one.startswith("-m") or Path(one.partition("::")[0]).exists() for one in arguments):
        os.execv(sys.executable, _command(arguments))  # noqa: S606 - pytest, in this one's place.
    codes = []
    for ran in _all(arguments):
        sys.stdout.buffer.write(f"· {ran.title} ({ran.seconds:.0f} s)\n".encode() + ran.output)
        sys.stdout.flush()
        codes.append(ran.code)
    found = [code for code in codes if code != _NO_TESTS]
    return next((code for code in found if code), 0) if found else _NO_TESTS


def _all(arguments: Sequence[str]) -> Iterator[_Ran]:
    """Run each share, and one of all that is in none; yield what came of them as they end."""
    shared = [name for share in _SHARES for name in share]
    processes = {", ".join(share): [*_chosen(share, shared), *arguments] for share in _SHARES}
    processes["all others"] = [*_without(shared), *arguments]
    threads = ThreadPoolExecutor((os.cpu_count() or 1) + 1)
    pipe, holding = os.pipe()
    try:
        for ran in as_completed([threads.submit(_run, *process, pipe) for process in processes.items()]):
            yield ran.result()
    finally:
        os.close(holding)  # As the system does where this process is killed: whatever still runs ends.
        threads.shutdown(cancel_futures=True)
        os.close(pipe)


def _chosen(share: Sequence[str], shared: Iterable[str]) -> list[str]:
    """Return the paths of *share*, without what is *shared* out of them."""
    within = [name for name in shared if any(name.startswith(f"{mine}/") for mine in share)]
    return [*(str(_TESTS / name) for name in share), *_without(within)]


def _run(title: str, arguments: Sequence[str], pipe: int) -> _Ran:
    """Run pytest for as long as somebody holds the other end of the *pipe*."""
    began = time.monotonic()
    command = kept(*_command(arguments))
    ran = subprocess.run(command, check=False, stdin=pipe, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return _Ran(title, time.monotonic() - began, ran.returncode, ran.stdout)


def _without(names: Iterable[str]) -> list[str]:
    return [f"--ignore={_TESTS / name}" for name in sorted(names)]


def _command(arguments: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "pytest", *arguments]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
