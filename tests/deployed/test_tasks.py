"""A deployed task's process: its environment, its agent and its end are those that ECS gives it."""

from __future__ import annotations

import asyncio
import json
import signal
import zipfile
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from tests.deployed.machine import Clock, Machine
from tests.deployed.names import Names
from tests.deployed.processes import Package
from tests.deployed.services import Task
from tests.deployed.tasks import Running, deployed
from tests.lambdas.tls import certified
from tests.parts.endpoint import Endpoint

pytestmark = pytest.mark.real
WORKER = """
import json, os, signal, sys, urllib.request
signal.signal(signal.SIGTERM, lambda *_: sys.exit(int(os.environ["ENDS_WITH"])))
def ask(address, **how):
    return json.load(urllib.request.urlopen(urllib.request.Request("http://" + address, **how)))
said = ask("169.254.170.2" + os.environ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"])
state = os.environ["ECS_AGENT_URI"].removeprefix("http://") + "/task-protection/v1/state"
ask(state, method="PUT", data=b'{"ProtectionEnabled": true}')
print(json.dumps({"argv": sys.argv[1:], "role": said["Token"], "environ": dict(os.environ)}), flush=True)
open(os.environ["HEALTH_FILE"], "w").close()
signal.pause()
"""
SET_BY_ECS = {
    *("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_DEFAULT_REGION", "AWS_EXECUTION_ENV", "AWS_REGION"),
    *("ECS_AGENT_URI", "ECS_CONTAINER_METADATA_URI", "ECS_CONTAINER_METADATA_URI_V4", "HOSTNAME", "PATH"),
}


def task(**environ: str) -> Task:
    """Return a task that is told *environ*."""
    told = {"HEALTH_FILE": "/tmp/healthy", "ENDS_WITH": "0", **environ}  # noqa: S108 - the container's.
    healthy = ("/bin/sh", "-c", "test -f /tmp/healthy")
    return Task("worker", "c", "role/worker", "role/start", "image", (), told, 2048, 60, healthy, "/worker")


async def ran(folder: Path, task: Task) -> Running:
    """Run *task*, whose package is of one module, and stop it."""
    with zipfile.ZipFile(folder / "package.zip", "w") as packed:
        packed.writestr("runtime/__main__.py", WORKER)
    (folder / "authority.pem").write_bytes(certified())
    machine = Machine(Names(4430, folder / "authority.pem"), Clock(folder / "clock"))
    package = Package(folder / "package.zip", folder)
    async with deployed(task, package, machine, Endpoint("http://127.0.0.1:1"), folder) as running:
        return running


async def test_it_has_what_its_definition_and_its_image_say_and_what_ecs_adds(tmp_path: Path) -> None:
    running = await ran(tmp_path, task(TOLD="by the stack"))

    told = json.loads(running.log())
    assert told["argv"] == ["worker"]
    assert told["environ"]["TOLD"] == "by the stack"
    own = {"TOLD", "HEALTH_FILE", "ENDS_WITH", "PYTHONUNBUFFERED", "LC_CTYPE"}
    assert told["environ"].keys() - own == SET_BY_ECS


async def test_its_agent_says_as_whom_it_works_and_hears_that_it_wants_to_be_spared(tmp_path: Path) -> None:
    running = await ran(tmp_path, task())

    assert json.loads(running.log())["role"] == "role/worker"
    assert running.agent.protected == [True]


async def test_it_ends_with_whoever_started_it(tmp_path: Path) -> None:
    (tmp_path / "waits.py").write_text("print('begun', flush=True); __import__('signal').pause()")
    (tmp_path / "authority.pem").write_bytes(certified())
    command = Machine(Names(4430, tmp_path / "authority.pem"), Clock(tmp_path / "clock")).command("waits", agent=1)
    process = await asyncio.create_subprocess_exec(*command, cwd=tmp_path, stdin=PIPE, stdout=PIPE)
    assert process.stdin
    assert process.stdout
    await process.stdout.readline()

    process.stdin.close()

    assert await process.wait() == -signal.SIGKILL


async def test_one_that_does_not_end_well_when_it_is_told_to_fails(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="ended with 3"):
        await ran(tmp_path, task(ENDS_WITH="3"))


async def test_one_that_ends_before_it_is_healthy_fails_with_what_it_wrote(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match=r"(?s)is not healthy: .*KeyError: 'HEALTH_FILE'"):
        await ran(tmp_path, Task(**{**vars(task()), "environ": {"ENDS_WITH": "0"}}))
