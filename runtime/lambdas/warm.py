"""A function's process: one event loop and one opened home for as long as it is kept warm.

A home is opened while the process starts, where the processor is whole and may be paid already, and closed when Lambda
says that it ends.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, TypeVar

from runtime import logs

T = TypeVar("T")
type_of_event = Mapping[str, Any]


class Warm(Generic[T]):
    """A handler that *answers* events with what it *opens* once."""

    def __init__(
        self,
        opens: Callable[[Mapping[str, str]], AbstractAsyncContextManager[T]],
        answers: Callable[[T, type_of_event], Awaitable[object]],
    ) -> None:
        self._opens, self._answers = opens, answers
        self._runner = asyncio.Runner()
        self._home: AbstractAsyncContextManager[T] | None = None
        self._opened: T | None = None
        if "AWS_LAMBDA_RUNTIME_API" in os.environ:
            logs.begin(os.environ.get("LOG_LEVEL", "INFO"))
            self._runner.run(self._ready())
            gc.freeze()  # What is alive now stays: the collector need not look at it again.
            gc.enable()
            signal.signal(signal.SIGTERM, self._end)

    def __call__(self, event: type_of_event, _: object) -> object:
        """Answer one event."""
        return self._runner.run(self._answer(event))

    def close(self) -> None:
        """Close what was opened, and the loop."""
        self._runner.run(self._closed())
        self._runner.close()

    async def _answer(self, event: type_of_event) -> object:
        # Connections that were closed while the process was frozen are noticed when the loop turns.
        for _ in range(2):
            await asyncio.sleep(0)
        return await self._answers(await self._ready(), event)

    async def _ready(self) -> T:
        if self._home is None:
            logs.watch(asyncio.get_running_loop())
            home = self._opens(os.environ)
            self._opened = await home.__aenter__()
            self._home = home
        return self._opened  # type: ignore[return-value]  # What a home opens may be None.

    async def _closed(self) -> None:
        if self._home is not None:
            await self._home.__aexit__(None, None, None)
            self._home = None

    def _end(self, *_: object) -> None:
        self.close()
        sys.exit(0)
