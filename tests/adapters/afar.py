"""A client of a real service for tests in virtual time: it lives on a loop of its own, in a thread.

While a call is out the test's clock stands still, and who is cancelled meanwhile still waits for the answer: how long
real work takes decides no test.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from threading import Thread
from typing import Any

from runtime.adapters.aws.clients import Clients, Where


class Afar:
    """Calls the methods of *client*, which lives on *loop*."""

    def __init__(self, client: Any, loop: asyncio.AbstractEventLoop) -> None:  # noqa: ANN401 - any service's.
        self._client, self._loop = client, loop

    def call(self, operation: str, **arguments: Any) -> Any:  # noqa: ANN401 - as the service says.
        """Call and wait, outside of any loop."""
        return asyncio.run_coroutine_threadsafe(getattr(self._client, operation)(**arguments), self._loop).result()

    def __getattr__(self, operation: str) -> Callable[..., Any]:
        async def call(**arguments: Any) -> Any:  # noqa: ANN401 - as the service says.
            loop = asyncio.get_running_loop()
            answer = loop.run_in_executor(None, lambda: self.call(operation, **arguments))
            try:
                return await asyncio.shield(answer)
            except asyncio.CancelledError:
                await asyncio.wait([answer])
                raise

        return call


@contextmanager
def afar(service: str, where: Where) -> Iterator[Afar]:
    """Open a client of *service* for the length of the block."""
    with elsewhere() as loop:
        stack = AsyncExitStack()
        try:
            yield Afar(wait(loop, Clients(stack, where).open(service)), loop)  # type: ignore[call-overload]
        finally:
            wait(loop, stack.aclose())


@contextmanager
def elsewhere() -> Iterator[asyncio.AbstractEventLoop]:
    """Open a loop in a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def wait(loop: asyncio.AbstractEventLoop, work: Any) -> Any:  # noqa: ANN401 - any coroutine, and what it returns.
    """Return what *work* returns on *loop*."""
    return asyncio.run_coroutine_threadsafe(work, loop).result()
