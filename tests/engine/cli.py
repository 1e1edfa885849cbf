"""Pulumi's CLI: the one on PATH, or one that Go builds of a pinned module, once for each go.sum.

It is kept outside of the checkout. A cold build is seven and a half minutes of one core, and all tests of the engine
wait for it: `python -m tests.engine.cli PID` begins with it for as long as the process PID lives.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

from tests.engine import terraform_provider
from tests.parts.keeper import kept
from tests.parts.missing import Missing

_LOOKS_EVERY_S = 1
_ROOT = Path(__file__).parents[2]
_MODULE = Path(__file__).with_name("cli_module")
_PACKAGE = "github.com/pulumi/pulumi/pkg/v3"
_VERSION = re.compile(rf"{re.escape(_PACKAGE)} (v[\d.]+)")
_LINK = "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version={version}"


def found(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the CLI; build it first if this machine has none. Raises `Missing`."""
    installed = shutil.which("pulumi", path=environ.get("PATH"))
    if installed is not None:
        return Path(installed)
    cache = Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "companion"
    program = cache / f"pulumi-{_digest()}"
    if not program.exists():
        _need_go(environ)
        cache.mkdir(parents=True, exist_ok=True)
        with _alone(cache / "pulumi.lock"):
            if not program.exists():
                _build(program, cache / "pulumi.coming")
    return program


def _digest() -> str:
    return sha256((_MODULE / "go.sum").read_bytes()).hexdigest()[:16]


def _need_go(environ: Mapping[str, str]) -> None:
    if shutil.which("go", path=environ.get("PATH")) is None:
        raise Missing("no pulumi, and no go to build it: https://www.pulumi.com/docs/install or https://go.dev/dl")


def _build(program: Path, coming: Path) -> None:
    """Build in the folder *coming*, whose caches outlive a build that was killed, and nothing else."""
    shutil.copytree(_MODULE, coming / "module", dirs_exist_ok=True)
    version = _VERSION.search((_MODULE / "go.mod").read_text())
    assert version is not None
    link = _LINK.format(version=version[1])
    # Without optimizations a cold build takes a third less: the engine mostly waits for its plug-ins.
    fast = ["-trimpath", "-gcflags=all=-N -l -dwarf=false", "-ldflags", link]
    command = ["go", "-C", str(coming / "module"), "build", *fast, "-o", str(coming / "pulumi")]
    with subprocess.Popen(
        kept(*command, f"{_PACKAGE}/cmd/pulumi"),
        cwd=_ROOT,
        env=os.environ | _settings(coming),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as building:
        said = building.stdout.read() if building.stdout else ""
    if building.returncode:
        raise Missing(f"no pulumi, and Go could not build it: {said.strip()[-1000:]}")
    (coming / "pulumi").rename(program)
    shutil.rmtree(coming)


def _settings(coming: Path) -> dict[str, str]:
    return {
        "CGO_ENABLED": "0",
        "GOGC": "400",  # The compiler's own: a sixth less time, for memory.
        "GOTOOLCHAIN": "local",
        "GOFLAGS": "-buildvcs=false -mod=readonly -modcacherw",
        "GOMODCACHE": str(coming / "modules"),
        "GOCACHE": str(coming / "built"),
    }


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Wait until nobody else builds."""
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _found_if_possible() -> None:
    with suppress(Missing):  # Its tests will say so.
        terraform_provider.found()  # Nobody needs the CLI without it.
        found()


def main(process: int) -> None:
    """Build for as long as *process* lives: what this one started ends with it."""
    building = threading.Thread(target=_found_if_possible, daemon=True)
    building.start()
    with suppress(ProcessLookupError):
        while building.is_alive():
            building.join(_LOOKS_EVERY_S)
            os.kill(process, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
