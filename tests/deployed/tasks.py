"""A deployed task, run: the image's command in the environment of the task definition, and what ECS adds to it.

What ECS adds on Fargate is in its documents ("Amazon ECS environment variables"): the Region twice, what it runs on,
and where its agent is asked for credentials, for protection and for the task's own data. No key is among them. `/tmp`
is the container's own: here it is a folder, and what names it in the definition names that.
"""

from __future__ import annotations

import asyncio
import signal
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from tests.deployed import agent, image
from tests.deployed.agent import Agent
from tests.deployed.machine import Machine
from tests.deployed.processes import Package
from tests.deployed.services import Task
from tests.parts.endpoint import Endpoint
from tests.parts.function import peak_kib

_HEALTHY_WITHIN_S = 180.0
_BETWEEN_LOOKS_S = 0.1
_METADATA = "http://169.254.170.2"


@dataclass(frozen=True)
class Running:
    """A task at work: its *process*, its *log*, and ECS's *agent* beside it."""

    process: Process
    path: Path
    agent: Agent

    def log(self) -> str:
        """Return what it wrote so far."""
        return self.path.read_text(errors="replace")


@asynccontextmanager
async def deployed(
    task: Task, package: Package, machine: Machine, at: Endpoint, folder: Path
) -> AsyncIterator[Running]:
    """Run one task of a service until the block ends, then stop it as ECS does: it has to end by itself in that time.

    It must not have taken more memory than the task has. What it keeps in `/tmp`, and its log, are in *folder*.
    """
    container = image.read()
    async with agent.serving(task.role, at) as beside:
        environ = {**container.environ, **_set_by_ecs(at), **_own(task.environ, folder)}
        command = machine.command(*container.run, *task.command, agent=beside.port)
        with (folder / f"{task.service}.log").open("wb") as log:
            process = await asyncio.create_subprocess_exec(
                *command, env=environ, cwd=package.task, stdin=PIPE, stdout=log, stderr=log
            )
        running = Running(process, folder / f"{task.service}.log", beside)
        try:
            await _healthy(running, task, folder)
            yield running
            await _stopped(running, task)
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()


def _set_by_ecs(at: Endpoint) -> Mapping[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin",
        "HOSTNAME": "ip-10-0-0-1.ec2.internal",
        "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": agent.CREDENTIALS,
        "AWS_DEFAULT_REGION": at.region,
        "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE",
        "AWS_REGION": at.region,
        "ECS_AGENT_URI": f"{_METADATA}{agent.API}",
        "ECS_CONTAINER_METADATA_URI": f"{_METADATA}/v3/1",
        "ECS_CONTAINER_METADATA_URI_V4": f"{_METADATA}/v4/1",
    }


def _own(environ: Mapping[str, str], folder: Path) -> dict[str, str]:
    return {name: _in(folder, value) for name, value in environ.items()}


def _in(folder: Path, text: str) -> str:
    return text.replace("/tmp/", f"{folder}/")  # noqa: S108 - the container's.


async def _healthy(running: Running, task: Task, folder: Path) -> None:
    """Wait until the definition's own command says that it is; fail if it ends, or in three minutes."""
    command = [_in(folder, one) for one in task.healthy]
    with suppress(TimeoutError):
        async with asyncio.timeout(_HEALTHY_WITHIN_S):
            while running.process.returncode is None:
                check = await asyncio.create_subprocess_exec(*command, stdout=DEVNULL, stderr=DEVNULL)
                if await check.wait() == 0:
                    return
                await asyncio.sleep(_BETWEEN_LOOKS_S)
    raise AssertionError(f"{task.service} is not healthy: {running.log()[-3000:]}")


async def _stopped(running: Running, task: Task) -> None:
    took = peak_kib(running.process.pid)
    assert took <= task.mebibytes << 10, f"{task.service} took {took} KiB"
    running.process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(task.stop_seconds):
        code = await running.process.wait()
    assert code == 0, f"{task.service} ended with {code}: {running.log()[-3000:]}"
