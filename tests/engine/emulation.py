"""The emulator as a process that ends with whoever started it."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.parts.process import Served, serve

_ANSWERS_AT = "/moto-api/"


def start(folder: Path) -> Served:
    """Start the emulator, its log in *folder*, and wait until it answers."""
    served = serve(
        lambda port: [sys.executable, "-m", "tests.engine.emulator", str(port)],
        folder / "emulator.log",
        {"MOTO_IAM_LOAD_MANAGED_POLICIES": "true", "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    served.answers(_ANSWERS_AT)
    return served
