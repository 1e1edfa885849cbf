"""A Lambda function as Lambda runs it: AWS's own runtime client in processes of their own, one event at a time in each.

An environment is started for the first event and for each that comes while the others are busy, kept for later ones and
frozen in between; one that does not answer in time is killed, as is one that ends by itself, and the next event gets a
new one.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from tests.parts.missing import Missing, skip
from tests.parts.runtime_api import Failed, RuntimeApi, serving

_ROOT = Path(__file__).parents[2]
_INIT_S = 10.0
_PATIENCE = 6.0


@dataclass(frozen=True)
class Runtime:
    """How a process of a function is started: its command, its environment, and the folder that it starts in.

    It has *patience* times as long as on Lambda, for here others compute too.
    """

    command: Sequence[str]
    environ: Mapping[str, str]
    folder: Path = _ROOT
    patience: float = 1.0


class Environment:
    """One execution environment: a process and its side of the Runtime API."""

    def __init__(self, api: RuntimeApi, process: Process) -> None:
        self.alive = True
        self.peak_kib = 0
        self._api = api
        self._process = process
        self._ended = asyncio.ensure_future(process.wait())

    async def ready(self, patience: float) -> None:
        """Wait until the handler is imported; raise `Failed` if that fails or takes *patience* times ten seconds."""
        waiting = asyncio.ensure_future(self._api.waiting.wait())
        await _first(waiting, self._api.broken, self._ended, within=patience * _INIT_S)
        if not waiting.done():
            waiting.cancel()
            await self.end()
            if self._api.broken.done():
                self._api.broken.result()
            raise Failed("Runtime.InitError", f"the handler could not be imported within {patience * _INIT_S:.0f} s")

    async def answer(self, event: object, within: float) -> object:
        """Return what the handler says to *event*; raise `Failed` if it raises, ends, or takes longer than *within*."""
        self._signal(signal.SIGCONT)
        answer = self._api.give(event, within)
        await _first(answer, self._ended, within=within)
        if answer.done():
            await self._freeze()
            return answer.result()
        exited = self._ended.done()
        await self.end()
        if exited:
            raise Failed("Runtime.ExitError", f"the runtime exited with {self._process.returncode}")
        raise Failed("Sandbox.Timedout", f"Task timed out after {within:.2f} seconds")

    async def end(self) -> None:
        """Kill the process."""
        self.alive = False
        self._signal(signal.SIGKILL)
        await self._ended

    async def _freeze(self) -> None:
        """Stop the process once it asks for the next event: what it left running goes on with that one."""
        waiting = asyncio.ensure_future(self._api.waiting.wait())
        await _first(waiting, self._ended)
        waiting.cancel()
        self.alive = not self._ended.done()
        self.peak_kib = peak_kib(self._process.pid) if self.alive else self.peak_kib
        self._signal(signal.SIGSTOP)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)


class Function:
    """A function that can be invoked, as often at once as one likes; *peak_kib* is the most that a process took."""

    def __init__(self, runtime: Runtime, within: float, log: IO[bytes], stack: AsyncExitStack) -> None:
        self.cold_starts = self.peak_kib = 0
        self._runtime = runtime
        self._within = within
        self._log = log
        self._stack = stack
        self._idle: list[Environment] = []

    async def invoke(self, event: object) -> object:
        """Return the handler's answer to *event* (JSON); raise `Failed`."""
        environment = self._idle.pop() if self._idle else await self._cold_start()
        try:
            return await environment.answer(event, self._within)
        finally:
            self.peak_kib = max(self.peak_kib, environment.peak_kib)
            if environment.alive:
                self._idle.append(environment)

    async def recycle(self) -> None:
        """End all idle environments: the next event meets a cold start."""
        while self._idle:
            await self._idle.pop().end()

    def log(self) -> str:
        """Return what the function has written to its log so far."""
        self._log.seek(0)
        return self._log.read().decode(errors="replace")

    async def _cold_start(self) -> Environment:
        self.cold_starts += 1
        api = await self._stack.enter_async_context(serving())
        environ = {**self._runtime.environ, "AWS_LAMBDA_RUNTIME_API": api.address}
        # In a process group of its own and the test run's session: if the run is killed, even what is frozen ends.
        process = await asyncio.create_subprocess_exec(
            *self._runtime.command,
            env=environ,
            cwd=self._runtime.folder,
            stdout=self._log,
            stderr=self._log,
            process_group=0,
        )
        environment = Environment(api, process)
        self._stack.push_async_callback(environment.end)
        await environment.ready(self._runtime.patience)
        return environment


@asynccontextmanager
async def lambda_function(
    handler: str, environment: Mapping[str, str] | None = None, *, within: float = 3.0, path: Path = _ROOT
) -> AsyncIterator[Function]:
    """Run *handler* (`module.function`, found below *path*) as a function whose time-out is six times *within* seconds.

    Of the environment of the tests it gets nothing but `PATH`; *environment* is added to what Lambda itself sets.
    """
    environ = {**_set_by_lambda(handler, path), **(environment or {})}
    runtime = Runtime((sys.executable, "-m", "awslambdaric", handler), environ, patience=_PATIENCE)
    async with running(runtime, within=within) as function:
        yield function


@asynccontextmanager
async def running(runtime: Runtime, *, within: float) -> AsyncIterator[Function]:
    """Run a function whose processes *runtime* starts, and whose time-out is *within* seconds times its patience."""
    if sys.platform != "linux":
        skip(Missing("awslambdaric has wheels for Linux alone: run these tests there"))
    with TemporaryFile("a+b") as log:
        async with AsyncExitStack() as stack:
            yield Function(runtime, runtime.patience * within, log, stack)


def peak_kib(process: int) -> int:
    """Return the most memory that *process* ever took, as Linux counts it; of one that just ended, nothing."""
    told = {"VmHWM": "0 kB"}
    with suppress(OSError):
        told |= dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
    return int(told["VmHWM"].split()[0])


async def _first(*futures: asyncio.Future[Any], within: float | None = None) -> None:
    await asyncio.wait(futures, timeout=within, return_when=asyncio.FIRST_COMPLETED)


def _set_by_lambda(handler: str, path: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(path),
        "TZ": ":UTC",
        "_HANDLER": handler,
        "AWS_EXECUTION_ENV": "AWS_Lambda_python3.11",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "512",
        "AWS_LAMBDA_FUNCTION_NAME": "companion",
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/companion",
        "AWS_LAMBDA_LOG_STREAM_NAME": "2026/11/21/[$LATEST]0",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "LAMBDA_TASK_ROOT": str(path),
    }
