"""The functions' package: the same bytes from the same inputs, for another processor, and nothing that nobody reads."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest

from components.package import SERVICES, Target, Unpackaged, build

pytestmark = pytest.mark.real

ROOT = Path(__file__).parents[2]
ARM = Target("python3.13", "arm64")
AARCH64 = (
    b"\xb7\x00"  # e_machine of an ELF file, at 18: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html
)


def quiet(_: str) -> None:
    """Take progress, and show none."""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy what the package is made of, as it is now."""
    root = tmp_path_factory.mktemp("root")
    shutil.copytree(ROOT / "runtime", root / "runtime", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "requirements").mkdir()
    shutil.copy(ROOT / "requirements" / "function.txt", root / "requirements")
    return root


@pytest.fixture(scope="module")
def said() -> list[str]:
    """Return what is said while the package is built."""
    return []


@pytest.fixture(scope="module")
def archive(root: Path, said: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the package for arm64."""
    return build(ARM, tmp_path_factory.mktemp("cache"), said.append, root=root)


@pytest.fixture(scope="module")
def names(archive: Path) -> list[str]:
    """Name what is in the package."""
    return zipfile.ZipFile(archive).namelist()


def test_the_same_inputs_give_the_same_bytes(root: Path, archive: Path, tmp_path: Path) -> None:
    again = build(ARM, tmp_path, quiet, root=root)

    assert again.name == archive.name
    assert again.read_bytes() == archive.read_bytes()


def test_what_has_not_changed_is_not_built_again(root: Path, archive: Path) -> None:
    said: list[str] = []

    assert build(ARM, archive.parent, said.append, root=root) == archive
    assert said == []


def test_a_line_more_in_the_runtime_is_another_package(root: Path, archive: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "root")
    errors = tmp_path / "root" / "runtime" / "errors.py"
    errors.write_text(errors.read_text() + "\n# Another line.\n")
    said: list[str] = []

    other = build(ARM, tmp_path, said.append, root=tmp_path / "root")

    assert other.name != archive.name
    assert said[0] == "packaging the functions for python3.13 on arm64"


def test_every_compiled_file_is_for_the_functions_processor(archive: Path, names: list[str]) -> None:
    compiled = [name for name in names if name.endswith(".so")]
    machines = {zipfile.ZipFile(archive).read(name)[18:20] for name in compiled}

    assert compiled
    assert machines == {AARCH64}


def test_the_package_has_the_runtime_and_its_data(root: Path, names: list[str]) -> None:
    code = {path.relative_to(root).as_posix() for path in (root / "runtime").rglob("*") if path.suffix == ".py"}

    assert code <= set(names)
    assert "runtime/policy/policy.toml" in names


def test_no_library_is_packaged_that_no_function_imports(names: list[str]) -> None:
    libraries = {name.split("/")[0] for name in names}

    assert libraries.isdisjoint({"boto3", "google", "grpc", "numpy", "opensearch", "pulumi", "s3transfer"})


def test_only_services_that_are_called_are_described(names: list[str]) -> None:
    parts = [name.split("/") for name in names if name.startswith("botocore/data/")]

    assert {part[2] for part in parts if len(part) > 3} == SERVICES


def test_a_package_has_bytecode_of_all_code_or_says_that_it_has_none(said: list[str], names: list[str]) -> None:
    sources, compiled = (sum(name.endswith(suffix) for name in names) for suffix in (".py", ".cpython-313.pyc"))
    assert compiled == (0 if any(line.startswith("no Python 3.13 here") for line in said) else sources)


def test_a_package_is_small_enough_for_a_quick_cold_start(archive: Path) -> None:
    assert archive.stat().st_size <= 20_000_000


def test_a_runtime_without_wheels_is_refused_with_got_why_and_instead(tmp_path: Path) -> None:
    with pytest.raises(Unpackaged, match=r"(?s)^got: .*; why not: .*; instead: "):
        build(Target("python3.6", "arm64"), tmp_path, quiet)

    assert list(tmp_path.iterdir()) == []
