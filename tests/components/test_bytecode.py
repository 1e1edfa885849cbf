"""Bytecode of a package: the same each time, taken whatever the dates say, and named by what wrote it."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from pathlib import Path

import pytest

from components import bytecode
from components.bytecode import Compiler

OWN = Compiler(sys.executable, "this very one")
CACHED = f"__pycache__/module.{sys.implementation.cache_tag}.pyc"
SOURCE = 'WORDS = frozenset({"one", "two", "three"})\n\n\ndef told() -> str:\n    return __name__\n'


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with one module in it."""
    (tmp_path / "some").mkdir()
    (tmp_path / "some" / "module.py").write_text(SOURCE)
    return tmp_path / "some"


def written(folder: Path) -> bytes:
    bytecode.write(OWN, folder)
    return (folder / CACHED).read_bytes()


def test_the_same_source_is_the_same_bytecode_wherever_it_lies(folder: Path, tmp_path: Path) -> None:
    other = tmp_path / "another"
    other.mkdir()
    (other / "module.py").write_text(SOURCE)
    os.utime(other / "module.py", (1.0, 1.0))

    assert written(other) == written(folder)
    assert b"/var/task/module.py" in written(folder)
    assert str(folder).encode() not in written(folder)


def test_what_is_compiled_is_not_compiled_again_whatever_its_source_has_become(folder: Path) -> None:
    bytecode.write(OWN, folder)
    (folder / "module.py").write_text("raise SystemExit('compiled')")

    said = subprocess.check_output([sys.executable, "-c", "import module; print(module.told())"], cwd=folder)

    assert said == b"module\n"


def test_a_module_that_does_not_compile_leaves_the_others_as_they_are(folder: Path) -> None:
    (folder / "broken.py").write_text("def (")

    assert written(folder)


def test_an_interpreter_is_found_by_its_version_and_named_by_what_it_writes() -> None:
    own = bytecode.compiler(".".join(map(str, sys.version_info[:2])))

    assert own is not None
    assert own.name == f"{platform.python_implementation()} {platform.python_version()}"


def test_a_version_that_is_not_here_has_no_compiler() -> None:
    assert bytecode.compiler("3.99") is None
