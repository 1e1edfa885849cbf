"""Bytecode for the functions' own Python: where they run nothing can be written, so each cold start would compile.

It names no time and no folder of this machine, hashes are not random, and files are compiled one by one in the order of
their names: the same interpreter writes the same bytes.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from uv import find_uv_bin

_DEPLOYED = "/var/task"
_NAME = "import platform; print(platform.python_implementation(), platform.python_version())"


@dataclass(frozen=True)
class Compiler:
    """An interpreter on this machine, and the *name* of the very bytecode that it writes."""

    path: str
    name: str


def compiler(python: str) -> Compiler | None:
    """Return an interpreter of this version of *python* (3.13), None where there is none."""
    found = _run(find_uv_bin(), "--no-config", "python", "find", "--no-project", "--offline", python)
    path = found.stdout.strip()
    return Compiler(path, _run(path, "-I", "-c", _NAME).stdout.strip()) if path else None


def write(by: Compiler, folder: Path) -> None:
    """Write the bytecode of all that is in *folder* beside it, valid whatever becomes of its source's date.

    What does not compile has none, and says so when it is imported.
    """
    always = ("--invalidation-mode", "unchecked-hash", "-f", "-j", "1")
    where = ("-s", str(folder), "-p", _DEPLOYED, str(folder))
    _run(by.path, "-s", "-m", "compileall", "-qq", *always, *where)


def _run(*command: str) -> subprocess.CompletedProcess[str]:
    told = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environ = {**told, "PYTHONHASHSEED": "0"}
    return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603 - ours.
