"""Real sessions: aiohttp's client against the product's server in another process, over loopback.

From the client's send to its first audio lie socket, admission, queue, worker, ledger and connection. Memory is what
the server grows by when ever more sessions stay open after a turn each.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import astuple, dataclass
from pathlib import Path
from random import Random

import aiohttp

from bench.turn import people
from bench.turn.load import Ear
from bench.turn.script import Pace
from runtime.adapters.local.keys import TokenKey
from runtime.protocol.server import SUBPROTOCOL

_DAY = 86_400.0
_BATCHES = 4
_FEW, _OTHERS = 20, 50  # Others than those whose first audio was measured: nobody may send 20 times a minute.
_ALWAYS = "Do you still know what I told you about the kayak?"
_ENDS = (b'{"type":"done"', b'{"type":"busy"', b'{"type":"error"')


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: its address, how many people it knows, and the process that tells its memory."""

    address: str
    crowd: int
    key: TokenKey
    process: asyncio.subprocess.Process

    async def resident_kb(self) -> int:
        """Return the server's resident memory after a collection."""
        if self.process.stdin is None:
            raise RuntimeError("the server was started without a pipe")
        self.process.stdin.write(b"memory\n")
        return int(await _line(self.process))


@asynccontextmanager
async def serving(data: Path, crowd: int, pace: Pace) -> AsyncIterator[Server]:
    """Run the server on *data*, where *crowd* people are known, for the length of the block."""
    command: tuple[str, ...] = (sys.executable, "-m", "bench.turn.served", str(data), *map(str, astuple(pace)))
    process = await asyncio.create_subprocess_exec(*command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield Server(await _line(process), crowd, TokenKey(data), process)
    finally:
        await process.communicate(b"")


async def _line(process: asyncio.subprocess.Process) -> str:
    if process.stdout is None:
        raise RuntimeError("the server was started without a pipe")
    line = (await process.stdout.readline()).decode().strip()
    if not line:
        raise RuntimeError("the server ended: what it said is above")
    return line


async def overheads(server: Server, pace: Pace, *, sessions: int, turns: int) -> list[float]:
    """Return the milliseconds above the critical path from each send to its first audio."""
    found: list[float] = []

    async def talk(number: int) -> None:
        dice = Random(time.monotonic_ns())
        await asyncio.sleep(pace.turn * number / sessions)
        async with _session(server, client, number) as socket:
            found.extend([await _turn(socket, pace, dice) for _ in range(turns)])

    async with aiohttp.ClientSession() as client, asyncio.TaskGroup() as tasks:
        for number in range(sessions):
            tasks.create_task(talk(number))
    return found


async def kb_per_session(server: Server, pace: Pace, *, sessions: int) -> float:
    """Return what each of *sessions* open sessions adds, after a third as many that warm the server.

    Few people, who ask one thing: what is kept of their memory is bounded for all, and no session's.
    """
    batch, resident = sessions // (_BATCHES - 1), []
    pool = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=pool) as client, AsyncExitStack() as stack:
        for start in range(0, batch * _BATCHES, batch):
            async with asyncio.TaskGroup() as tasks:
                for number in range(batch):
                    socket = await stack.enter_async_context(
                        _session(server, client, _OTHERS + (start + number) % _FEW)
                    )
                    tasks.create_task(_later(socket, pace, number / batch))
            resident.append(await server.resident_kb())
    return (resident[-1] - resident[0]) / (batch * (_BATCHES - 1))


async def _later(socket: aiohttp.ClientWebSocketResponse, pace: Pace, share: float) -> None:
    await asyncio.sleep(pace.turn * share)
    await _turn(socket, pace, Random(time.monotonic_ns()), _ALWAYS)


@asynccontextmanager
async def _session(
    server: Server, client: aiohttp.ClientSession, number: int
) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    token = server.key.token(people.name(number % server.crowd), time.time(), _DAY)
    protocols = (SUBPROTOCOL, f"bearer.{token}")
    async with client.ws_connect(f"{server.address}ws", protocols=protocols, compress=0) as socket:
        yield socket


async def _turn(socket: aiohttp.ClientWebSocketResponse, pace: Pace, dice: Random, text: str = "") -> float:
    """Have one turn; return how late its first audio was."""
    turn = people.turn_id(dice.getrandbits(100))
    asked = json.dumps({"action": "send", "turn": turn, "text": text or people.question(dice), "voice": True})
    ear = Ear(time.perf_counter())
    await socket.send_str(asked)
    async for message in socket:
        frame = message.data.encode()
        ear.send(frame)
        if frame.startswith(_ENDS):
            break
    return ear.overhead_ms(pace)
