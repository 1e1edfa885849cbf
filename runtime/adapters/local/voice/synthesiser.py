"""The voice of this machine: one process that is ready before it is needed, another as soon as one is at work.

A text that nobody waits for any more is over at once: its process is killed, and another takes its place meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager

from runtime.adapters.local.voice.engines import Engine
from runtime.adapters.local.voice.worker import Worker
from runtime.conversation import Marks, Pcm
from runtime.errors import Unavailable

_log = logging.getLogger(__name__)
_PROCESSES = 2  # An engine makes speech tens of times faster than it is heard.
_PAUSE, _LONGEST_PAUSE = 1.0, 60.0


@asynccontextmanager
async def voice(engine: Engine, processes: int = _PROCESSES) -> AsyncIterator[EngineSynthesiser]:
    """Keep at most *processes* of *engine* for the length of the block; the first one is started at once."""
    synthesiser = EngineSynthesiser(engine)
    # No group around a `yield`: what fails in the block would come out of it as something else.
    keeping = [asyncio.create_task(synthesiser.keep(spare=bool(number))) for number in range(processes)]
    try:
        yield synthesiser
    finally:
        for task in keeping:
            task.cancel()
        await asyncio.wait(keeping)


class EngineSynthesiser:
    """Speaks by the processes that `keep` keeps; texts that find none free wait in their order."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._free: asyncio.Queue[Worker | None] = asyncio.Queue()  # None: whoever waits need not wait on.
        self._used = asyncio.Event()
        self._broken = False

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Yield the audio as it is made, and behind it the marks."""
        if not text.strip():
            return
        self._used.set()
        worker = await self._taken()
        whole = False
        try:
            async with aclosing(worker.speak(text)) as pieces:
                async for piece in pieces:
                    yield piece
            whole = True
        finally:
            if whole:
                self._free.put_nowait(worker)
            else:
                worker.kill()

    async def keep(self, *, spare: bool) -> None:
        """Keep one process, and start another whenever it ends; a *spare* one from the first text on."""
        pause = _PAUSE
        if spare:
            await self._used.wait()
        while True:
            try:
                worker = await Worker.start(self._engine)
            except (OSError, Unavailable) as error:
                self._break(error)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
            else:
                self._broken, pause = False, _PAUSE
                await self._hold(worker)

    def _break(self, error: Exception) -> None:
        self._broken = True
        self._free.put_nowait(None)
        _log.warning("voice.failed", extra={"engine": self._engine.name, "failure": type(error).__name__})

    async def _hold(self, worker: Worker) -> None:
        self._free.put_nowait(worker)
        try:
            await worker.ended()
        finally:
            await worker.end()

    async def _taken(self) -> Worker:
        """Return a process that is free and alive."""
        while not (self._broken and self._free.empty()):
            worker = await self._free.get()
            if worker is not None and worker.alive:
                return worker
        raise Unavailable("the voice does not start")
