"""What the functions run: the runtime and its locked libraries as one archive, the same bytes from the same inputs.

Wheels are taken for the functions' own Python and processor, whatever this machine is. What no function reads stays
out: nine tenths of botocore describe services that are not called.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from uv import find_uv_bin

from components import bytecode
from components.bytecode import Compiler

SERVICES = frozenset(
    {
        "apigatewaymanagementapi",
        "bedrock",
        "bedrock-runtime",
        "comprehend",
        "dynamodb",
        "polly",
        "sagemaker-runtime",
        "secretsmanager",
        "sqs",
    }
)
"""The services whose clients the runtime makes, as botocore names them."""

PLATFORMS: Mapping[str, str] = {"arm64": "aarch64-manylinux_2_28", "x86_64": "x86_64-manylinux_2_28"}
"""The processors that Lambda offers, as the installer names them: its images since Python 3.12 have glibc 2.34."""

_LIMIT = 20_000_000
_ROOT = Path(__file__).parents[1]
_LOCK = "requirements/function.txt"
_CODE = frozenset({".py", ".toml"})
_UNREAD = frozenset({".c", ".h", ".pxd", ".pxi", ".pyi", ".pyx"})
_UNREAD_NAMES = frozenset({"INSTALLER", "RECORD", "REQUESTED", "direct_url.json", "uv_cache.json"})
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Unpackaged(Exception):
    """The package could not be made."""


@dataclass(frozen=True)
class Target:
    """Where a package runs: a Lambda *runtime* (python3.13) on an *architecture* (arm64 or x86_64)."""

    runtime: str
    architecture: str

    @property
    def python(self) -> str:
        """Return the version alone."""
        return self.runtime.removeprefix("python")


def build(target: Target, cache: Path, say: Callable[[str], None], *, root: Path = _ROOT) -> Path:
    """Return the archive for *target*, from *cache* where nothing it is made of has changed; *say* tells progress.

    It has bytecode where this machine has the Python that can write it. Raises `Unpackaged` if a library has no wheel
    for *target* or the archive is more than 20 MB.
    """
    compiler = bytecode.compiler(target.python)
    archive = cache / f"companion-{_digest(target, compiler, root)[:32]}.zip"
    if archive.exists():
        return archive
    cache.mkdir(parents=True, exist_ok=True)
    say(f"packaging the functions for {target.runtime} on {target.architecture}")
    with TemporaryDirectory(dir=cache, prefix="coming-") as coming:
        folder = Path(coming) / "package"
        _install(target, root / _LOCK, folder)
        _copy(root, folder)
        _compile(compiler, target, folder, say)
        written = _write(Path(coming) / archive.name, _read(folder))
        _check(written)
        written.replace(archive)
    say(f"packaged {archive.stat().st_size / 1e6:.1f} MB as {archive.name}")
    return archive


def _digest(target: Target, compiler: Compiler | None, root: Path) -> str:
    """Return the name of everything that decides on the archive's bytes."""
    by = compiler.name if compiler else ""
    told = [repr((target, by, sorted(SERVICES))).encode(), (root / _LOCK).read_bytes()]
    told += [Path(written).read_bytes() for written in (__file__, bytecode.__file__)]
    told += [f"{name}\n".encode() + path.read_bytes() for name, path in _code(root)]
    whole = hashlib.sha256()
    for part in told:
        whole.update(hashlib.sha256(part).digest())
    return whole.hexdigest()


def _install(target: Target, lock: Path, into: Path) -> None:
    """Unpack the locked wheels; uv does it, because pip judges `python_version` by this machine's own."""
    fixed = ["--no-config", "--system-certs", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]
    wanted = ["--python-platform", PLATFORMS[target.architecture], "--python-version", target.python]
    command = [
        find_uv_bin(),
        *fixed,
        "--only-binary",
        ":all:",
        *wanted,
        "--target",
        str(into),
        "--requirement",
        str(lock),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the command is ours.
    if ran.returncode:
        raise Unpackaged(
            f"got: {ran.stderr.strip()}; why not: each library needs a wheel for {target}; "
            f"instead: connect to the package index, or take another lambdaRuntime or lambdaArchitecture"
        )


def _copy(root: Path, folder: Path) -> None:
    for name, path in _code(root):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)


def _compile(compiler: Compiler | None, target: Target, folder: Path, say: Callable[[str], None]) -> None:
    if compiler is None:
        mended = f"uv python install {target.python}"
        say(f"no Python {target.python} here to write bytecode: each cold start will compile; `{mended}` mends that")
    else:
        bytecode.write(compiler, folder)


def _read(folder: Path) -> Iterator[tuple[str, Path]]:
    return ((name, path) for name, path in _files(folder) if _is_read(Path(name)))


def _code(root: Path) -> Iterator[tuple[str, Path]]:
    return ((f"runtime/{name}", path) for name, path in _files(root / "runtime") if path.suffix in _CODE)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """Return the files in *folder* with their names there, in the order of these."""
    paths = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return iter(sorted(paths.items()))


def _is_read(name: Path) -> bool:
    """Say whether a function may read the library's file *name*."""
    if name.parts[0] == "bin" or name.parts[0].endswith("-stubs") or "_testcapi" in name.name:
        return False
    if name.parts[:2] == ("botocore", "data") and name.parent.name != "data" and name.parts[2] not in SERVICES:
        return False
    return name.suffix not in _UNREAD and name.name not in _UNREAD_NAMES


def _write(archive: Path, files: Iterable[tuple[str, Path]]) -> Path:
    """Write *files*, all of one date and readable by everybody, as Lambda asks."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as into:
        for name, path in files:
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            into.writestr(entry, path.read_bytes())
    return archive


def _check(archive: Path) -> None:
    size = archive.stat().st_size
    if size > _LIMIT:
        raise Unpackaged(
            f"got: a package of {size / 1e6:.1f} MB; why not: a cold start would wait for more than 20 MB; "
            f"instead: leave out of {_LOCK} what no function imports"
        )
