"""The processes that hear: as many as streams may be heard at once, started when the first is asked for.

One that is free is kept warm, for loading takes a second; others end. One that dies takes the stream with it that it
was hearing and nothing else; another is started in its place.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, cast

from runtime.adapters.local.processes import gone
from runtime.adapters.local.recognition.messages import END, FORGET, HEAD, SOUND, message, read
from runtime.adapters.local.recognition.utterance import Utterance
from runtime.errors import Busy, Unavailable

_log = logging.getLogger(__name__)
_COMMAND: Final = (sys.executable, "-m", "runtime.adapters.local.recognition.worker")
_ROOT: Final = Path(__file__).parents[4]
_PATIENCE: Final = 30.0
_EACH: Final = 2


class Worker:
    """One process, which hears one stream at a time; each answer is waited for *patience* seconds."""

    def __init__(self, process: Process, patience: float) -> None:
        self._process, self._patience = process, patience
        self._ready = self._asking = False

    @property
    def name(self) -> int:
        """Return the id of the process."""
        return self._process.pid

    @property
    def code(self) -> int | None:
        """Return what the process ended with."""
        return self._process.returncode

    @property
    def fit(self) -> bool:
        """Whether another stream can be heard: it lives, and owes no answer."""
        return self._process.returncode is None and not self._asking

    async def hear(self, sound: bytes) -> list[Utterance]:
        """Return what *sound* lets one hear; raise `Unavailable` where the process has died or is stuck."""
        return await self._ask(message(SOUND, sound))

    async def finish(self) -> list[Utterance]:
        """Return what was still being said: nothing follows."""
        return await self._ask(message(END))

    def forget(self) -> None:
        """Let go of what was heard, whether it had an end or not."""
        with suppress(ConnectionError):
            cast("asyncio.StreamWriter", self._process.stdin).write(message(FORGET))

    async def end(self) -> None:
        """End the process and wait until it is gone; who is cancelled meanwhile waits all the same, and is then."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._process.pid, signal.SIGKILL)  # `Process.kill` would take its exit code from the loop.
        cast("asyncio.StreamWriter", self._process.stdin).close()
        await gone(self._process)

    async def _ask(self, asked: bytes) -> list[Utterance]:
        self._asking = True  # Until the answer is read: who is cancelled meanwhile leaves it owing one.
        try:
            async with asyncio.timeout(self._patience):
                cast("asyncio.StreamWriter", self._process.stdin).write(asked)
                if not self._ready:
                    await self._answer()
                    self._ready = True
                answer = await self._answer()
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            raise Unavailable("what understands speech here has stopped: speak again") from None
        self._asking = False
        return answer

    async def _answer(self) -> list[Utterance]:
        reader = cast("asyncio.StreamReader", self._process.stdout)
        _, length = HEAD.unpack(await reader.readexactly(HEAD.size))
        return read(await reader.readexactly(length))


class Workers:
    """At most *most* processes of *command*, of which each answers within *patience* seconds or is ended."""

    def __init__(self, most: int, command: Sequence[str] = _COMMAND, patience: float = _PATIENCE) -> None:
        self._most, self._command, self._patience = most, command, patience
        self._free: list[Worker] = []
        self._busy: Counter[str] = Counter()

    def __repr__(self) -> str:
        return f"<Workers: {self._busy.total()} busy, {len(self._free)} free>"

    async def warm(self) -> None:
        """See to it that one is free, if one may be: it is ready when somebody begins to speak."""
        if self._busy.total() < self._most:
            await self._keep(await self._one())

    @asynccontextmanager
    async def hold(self, user: str) -> AsyncIterator[Worker]:
        """Give *user* a worker for one stream; raise `Busy` where all are at work, or two are for this user."""
        if self._busy.total() >= self._most or self._busy[user] >= _EACH:
            raise Busy("more streams at once are not understood here: end one, or try again in a moment")
        self._busy[user] += 1
        try:
            worker = await self._one()
            try:
                yield worker
            finally:
                await self._take_back(worker)
        finally:
            self._busy[user] -= 1
            self._busy += Counter()  # Nobody is remembered who holds none.

    async def close(self) -> None:
        """End all that are free; those that are held end when they are given back."""
        self._most = 0
        for worker in self._free:
            await worker.end()
        self._free.clear()

    async def _one(self) -> Worker:
        self._free = [worker for worker in self._free if worker.fit]
        return self._free.pop() if self._free else await self._start()

    async def _keep(self, worker: Worker) -> None:
        """Let *worker* be free; `close` may have come while it was started."""
        if self._most:
            self._free.append(worker)
        else:
            await worker.end()

    async def _start(self) -> Worker:
        # In a session of its own: an interrupt from the keyboard is for the parent to answer.
        process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, stderr=DEVNULL, cwd=_ROOT, start_new_session=True
        )
        _log.info("recogniser.started", extra={"worker": process.pid})
        return Worker(process, self._patience)

    async def _take_back(self, worker: Worker) -> None:
        fit = worker.fit
        if fit and self._most and not self._free:
            worker.forget()
            self._free.append(worker)
            return
        await worker.end()
        if not fit and self._most:
            _log.warning("recogniser.died", extra={"worker": worker.name, "code": worker.code})
            await self._keep(await self._one())
