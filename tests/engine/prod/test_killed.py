"""A run of the tests that is killed: what it started ends, wherever it was."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.conftest import Standing
from tests.engine.deployed import planted

pytestmark = [pytest.mark.real, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc")]

_WITHIN_S = 120
_BETWEEN_S = 0.2
_ASKING = """
import subprocess, sys
subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE).wait()
"""


async def test_nothing_goes_on_when_who_asked_is_killed(prod: Standing, tmp_path: Path) -> None:
    stack, mark = planted(prod.deployed, tmp_path), f"COMPANION_MARK={uuid.uuid4().hex}"
    command = [sys.executable, "-c", _ASKING, *stack.project.command("preview", "--stack", stack.name)]
    told = dict([mark.split("=")])
    with subprocess.Popen(command, env=stack.project.environ | told, stdout=subprocess.DEVNULL) as asking:
        await _wait(lambda: any("terraform-provider-aws" in one for one in _running(mark)))

        asking.kill()

    await _wait(lambda: _running(mark) == [])


def _running(mark: str) -> list[str]:
    """Return the command lines of the processes that have *mark* in their surroundings."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return [line for line in found if line]


async def _wait(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(_WITHIN_S):
        while not holds():  # noqa: ASYNC110 - the kernel tells nobody.
            await asyncio.sleep(_BETWEEN_S)
