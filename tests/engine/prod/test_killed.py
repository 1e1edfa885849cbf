"""A run of the tests that is killed: what it started ends, wherever it was."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.engine.conftest import Standing
from tests.engine.deployed import planted
from tests.engine.running import become, ended

pytestmark = [pytest.mark.real, pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="no /proc")]

_ASKING = """
import subprocess, sys
subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE).wait()
"""


async def test_nothing_goes_on_when_who_asked_is_killed(prod: Standing, tmp_path: Path) -> None:
    stack = planted(prod.deployed, tmp_path)
    project = stack.project
    command = [sys.executable, "-c", _ASKING, *project.command("preview", "--stack", stack.name)]
    with subprocess.Popen(command, env=project.environ, stdout=subprocess.DEVNULL) as asking:
        await become(lambda found: any("terraform-provider-aws" in one for one in found), project.mark)

        asking.kill()

    await ended(project.mark)
