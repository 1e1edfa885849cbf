"""One engine's process, from our side: it is told a text, and heard until it says that this was all."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncGenerator

import msgspec

from runtime.adapters.local.processes import gone
from runtime.adapters.local.voice.engine import wire
from runtime.adapters.local.voice.engines import Engine
from runtime.conversation import Marks, Pcm
from runtime.errors import Unavailable

_MARKS = msgspec.json.Decoder(tuple[tuple[int, int, int], ...])
_START_SECONDS = 30.0
_SILENT = "the voice does not answer"


class Worker:
    """A process that speaks one text at a time; one that was left in the middle of a text has to be killed."""

    def __init__(self, process: Process) -> None:
        self._process = process

    @classmethod
    async def start(cls, engine: Engine) -> Worker:
        """Start *engine*; raise `Unavailable` if it does not come to be ready. Interrupts of a terminal are not its."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *engine.command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=DEVNULL,
            env={"PYTHONPATH": str(engine.folder)},
            process_group=0,
        )
        worker = cls(process)
        try:
            async with asyncio.timeout(_START_SECONDS):
                await worker._ready()
        except BaseException:
            await worker.end()
            raise
        return worker

    @property
    def alive(self) -> bool:
        """Say whether the process has not ended, as far as is known."""
        return self._process.returncode is None

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Yield what comes of *text*; raise `Unavailable` where the process ends instead."""
        data = text.encode("utf-8", "replace")
        if self._process.stdin is None:
            raise Unavailable(_SILENT)
        self._process.stdin.write(wire.LENGTH.pack(len(data)) + data)
        while True:
            kind, frame = await self._frame()
            if kind == wire.END:
                return
            yield Pcm(frame) if kind == wire.AUDIO else Marks(_MARKS.decode(frame))

    def kill(self) -> None:
        """End the process at once, whatever it does."""
        if self.alive:
            self._process.kill()

    async def end(self) -> None:
        """End the process and wait until it is gone; who is cancelled meanwhile waits all the same, and is then."""
        self.kill()
        await gone(self._process)

    async def ended(self) -> None:
        """Wait until the process has ended."""
        await self._process.wait()

    async def _ready(self) -> None:
        kind, said = await self._frame()
        if kind != wire.READY:
            raise Unavailable(said.decode())

    async def _frame(self) -> tuple[bytes, bytes]:
        if self._process.stdout is None:
            raise Unavailable(_SILENT)
        try:
            kind, length = wire.HEAD.unpack(await self._process.stdout.readexactly(wire.HEAD.size))
            return kind, await self._process.stdout.readexactly(length)
        except asyncio.IncompleteReadError:
            raise Unavailable(_SILENT) from None
