"""`python -m runtime` as a process of its own, and clients that come back to it after whatever happened to it."""

from __future__ import annotations

import asyncio
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from runtime.adapters.local.clock import SystemClock
from runtime.adapters.local.keys import TokenKey
from runtime.protocol import server
from tests.runtime.talking import WITHIN, Client

_ROOT = Path(__file__).parents[2]


@dataclass
class Running:
    """A process that serves, where it listens, and the folder it serves from."""

    process: Process
    address: str
    data: Path

    @asynccontextmanager
    async def client(self, user: str = "ana", token: str | None = None) -> AsyncIterator[Client]:
        """Connect as *user*."""
        token = token or TokenKey(self.data).token(user, SystemClock().now(), 3600)
        protocols = ("companion.v1", f"bearer.{token}")
        async with (
            aiohttp.ClientSession() as session,
            session.ws_connect(f"{self.address}ws", protocols=protocols, max_msg_size=0) as socket,
        ):
            yield Client(socket)

    async def stop(self) -> tuple[int, str]:
        """Ask the process to stop; return its exit code and all that it wrote to standard error."""
        self.process.terminate()
        return await ended(self.process)

    async def kill(self) -> None:
        """End the process as no process can prevent."""
        self.process.kill()
        await ended(self.process)


@asynccontextmanager
async def running(data: Path, *options: str, **environ: str) -> AsyncIterator[Running]:
    """Serve *data* on a free port; *options* go to the interpreter. What is still running at the end is killed."""
    process = await started(data, *options, "-m", "runtime", **environ)
    assert process.stdout
    try:
        async with asyncio.timeout(WITHIN):
            line = (await process.stdout.readline()).decode()
        assert line.startswith("Companion is ready at http://127.0.0.1:"), line
        yield Running(process, line.split()[-1], data)
    finally:
        if process.returncode is None:
            process.kill()
            await ended(process)


async def started(data: Path, *arguments: str, **environ: str) -> Process:
    """Start an interpreter with nothing in its environment but what it is told."""
    told = {"DATA": str(data), "PORT": "0", "PATH": os.environ["PATH"], **environ}
    return await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=_ROOT, env=told, stdout=PIPE, stderr=PIPE
    )


async def command(data: Path, *arguments: str, **environ: str) -> tuple[int, str, str]:
    """Run `python -m runtime` with *arguments* to its end; return its exit code and what it wrote."""
    process = await started(data, "-m", "runtime", *arguments, **environ)
    async with asyncio.timeout(WITHIN):
        out, err = await process.communicate()
    return process.returncode or 0, out.decode(), err.decode()


async def ended(process: Process) -> tuple[int, str]:
    """Wait for the end of *process*; return its exit code and all that it wrote to standard error."""
    async with asyncio.timeout(WITHIN):
        _, err = await process.communicate()
    return process.returncode or 0, err.decode()


async def to_the_end(client: Client, turn: str) -> list[bytes]:
    """Take up *turn* on a fresh connection; return all its durable frames, of which the last is its end."""
    await client.say("resume", turn=turn, after=-1)
    while True:
        frame = await client.next()
        if isinstance(frame, server.Done | server.Busy | server.Error) and frame.turn == turn:
            return client.durable(turn)


def said(frames: list[bytes]) -> str:
    """Return the text of an answer, whose frames have to be numbered without a gap and to end once."""
    decoded: list[Any] = [server.decode(data) for data in frames]
    assert [frame.seq for frame in decoded] == list(range(len(frames)))
    assert [isinstance(frame, server.Done) for frame in decoded] == [False] * (len(frames) - 1) + [True]
    return "".join(frame.delta for frame in decoded if isinstance(frame, server.Text))
