"""The policy pack in a folder of its own, with the environment that its file names."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from uv import find_uv_bin

_PACK = Path(__file__).parents[2] / "policies"


def install(folder: Path) -> Path:
    """Return the pack, ready to be given to `--policy-pack`."""
    pack = shutil.copytree(_PACK, folder / "pack", ignore=shutil.ignore_patterns(".venv", "__pycache__"))
    uv = [find_uv_bin(), "--no-config", "--system-certs", "--quiet"]
    subprocess.run([*uv, "venv", "--python", sys.executable, pack / ".venv"], check=True)
    target = ["--python", str(pack / ".venv/bin/python"), "--no-deps", "--require-hashes"]
    subprocess.run([*uv, "pip", "install", *target, "--requirement", str(_PACK / "requirements.txt")], check=True)
    return pack
