"""An event loop whose clock jumps to the next timer when nothing is left to do, so that tests neither sleep nor race.

Time stands still while a thread works for the loop: how long real work takes never decides a test.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, TypeVar

T = TypeVar("T")


class _Selector(selectors.SelectSelector):
    """A selector that moves *now* on instead of waiting, unless threads are at work."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0
        self.threads = 0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready; where nothing is, pass *timeout* seconds of virtual time."""
        if self.threads or timeout is None:
            return super().select(timeout if timeout == 0 else None)
        ready = super().select(0)
        if not ready:
            self.now += timeout
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """A loop that starts at second 0 and never waits for a timer."""

    def __init__(self) -> None:
        """Build the loop on its own selector."""
        self._virtual = _Selector()
        super().__init__(self._virtual)
        self._clock_resolution = 1e-9

    def time(self) -> float:
        """Return virtual seconds since the loop was made."""
        return self._virtual.now

    def run_in_executor(self, executor: Executor | None, func: Callable[..., T], *args: object) -> asyncio.Future[T]:
        """Run *func* in a thread, holding the clock until it is done."""
        self._virtual.threads += 1
        future: asyncio.Future[T] = super().run_in_executor(executor, func, *args)
        future.add_done_callback(self._thread_done)
        return future

    def _thread_done(self, _: asyncio.Future[Any]) -> None:
        self._virtual.threads -= 1


class LoopClock:
    """The running loop's time as time of day: it starts at *start* (Unix seconds)."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        """Begin at *start*."""
        self.start = start

    def now(self) -> float:
        """Return Unix seconds, UTC."""
        return self.start + asyncio.get_running_loop().time()


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run *main* to its end in virtual time."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
