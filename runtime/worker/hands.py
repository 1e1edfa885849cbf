"""The hands: each takes a message only when it is free, so that the queue holds the rest and its depth says so."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from typing import cast

from runtime.conversation import Delivery
from runtime.errors import Transient, place
from runtime.ports import Queue

_log = logging.getLogger(__name__)
_PAUSE = 1.0  # After what nobody foresaw: a broken store must not keep a hand spinning.


class Hands:
    """*count* hands on one *queue*; `work` runs until `drain`, which lets each finish what it holds."""

    def __init__(self, queue: Queue, handle: Callable[[Delivery], Awaitable[None]], count: int) -> None:
        """Be ready; nothing is taken yet."""
        self._queue, self._handle, self._count = queue, handle, count
        self._hands: set[asyncio.Task[None]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._draining = False

    async def work(self) -> None:
        """Take and handle messages; return when drained, cancel what is held (and so returned) when cancelled."""
        async with asyncio.TaskGroup() as tasks:
            for _ in range(self._count):
                hand = tasks.create_task(self._hand())
                self._hands.add(hand)
                hand.add_done_callback(self._hands.discard)

    def drain(self) -> None:
        """Take nothing more."""
        self._draining = True
        for hand in self._hands - self._busy:
            hand.cancel()

    @property
    def busy(self) -> int:
        """Return how many hold a message."""
        return len(self._busy)

    async def _hand(self) -> None:
        this = cast("asyncio.Task[None]", asyncio.current_task())
        while not self._draining:
            try:
                async with self._queue.take() as delivery:
                    self._busy.add(this)
                    await self._handle(delivery)
            except Transient as failure:
                _log.info("message.returned", extra={"failure": type(failure).__name__})
                if this not in self._busy:  # Nothing was taken: the queue itself does not answer.
                    await asyncio.sleep(_PAUSE)
            except Exception as error:  # noqa: BLE001 - the outermost loop: the message comes back, the hand goes on.
                _log.error("message.broken", extra={"failure": place(error)})
                if this.cancelling():  # The failure came in the way of being cancelled.
                    return
                await asyncio.sleep(_PAUSE)
            finally:
                self._busy.discard(this)


@asynccontextmanager
async def working(hands: Sequence[Hands], patience: float) -> AsyncIterator[None]:
    """Keep *hands* at work; at the end each finishes what it holds, or gives it back after *patience* seconds."""
    async with asyncio.TaskGroup() as tasks:
        at_work = [tasks.create_task(hand.work()) for hand in hands]
        try:
            yield
        finally:
            for hand in hands:
                hand.drain()
            _, unfinished = await asyncio.wait(at_work, timeout=patience)
            for work in unfinished:
                work.cancel()
            _log.info("worker.drained", extra={"returned": len(unfinished)})
