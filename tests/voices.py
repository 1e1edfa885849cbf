"""Finds the speech engines that the voice is tested with; `python -m tests.voices` gets them where there are none."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from runtime.adapters.local.voice.engines import Engine, chosen
from runtime.errors import Misconfigured
from tests.parts.missing import Missing, skip

ENGINES = {"flite": ("flite",), "espeak-ng": ("libespeak-ng1", "espeak-ng-data")}
"""Each engine with its packages in Debian."""

_MISSING = """
got:     no {names}, and apt-get could not install it
why:     the voice is tested with real engines{consequence}
instead: apt-get install {packages}"""


def find(name: str) -> Engine | None:
    """Return the engine *name*, or None where it is not installed."""
    try:
        return chosen(name)
    except Misconfigured:
        return None


def required(name: str) -> Engine:
    """Return the engine *name*; without it the test is skipped, and in CI it fails."""
    engine = find(name)
    return engine or skip(Missing(f"no {name} here: python -m tests.voices gets it"))


def main() -> int:
    """Find or install the engines and say which; having one too few is a failure in CI, and elsewhere skips tests."""
    missing = _missing()
    if missing and os.geteuid() == 0 and shutil.which("apt-get"):
        _install([package for name in missing for package in ENGINES[name]])
        missing = _missing()
    print(f"· voices: {', '.join(name for name in ENGINES if name not in missing) or 'none'}")
    if not missing:
        return 0
    in_ci = "CI" in os.environ
    packages = " ".join(package for name in missing for package in ENGINES[name])
    consequence = "" if in_ci else "; without one its tests are skipped"
    said = _MISSING.format(names=" and no ".join(missing), consequence=consequence, packages=packages)
    print(said, file=sys.stderr)
    return 1 if in_ci else 0


def _missing() -> list[str]:
    return [name for name in ENGINES if find(name) is None]


def _install(packages: list[str]) -> None:
    print(f"· installing {' '.join(packages)} with apt-get", flush=True)
    # A bare PATH lacks what the packages' scripts call.
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"}
    install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", "--no-upgrade", *packages]
    for command in (["apt-get", "update", "-q"], install):
        done = subprocess.run(
            command, check=False, env=environ, stderr=subprocess.STDOUT, stdout=subprocess.PIPE, text=True
        )
        if done.returncode != 0:
            print(*done.stdout.splitlines()[-6:], sep="\n", file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
