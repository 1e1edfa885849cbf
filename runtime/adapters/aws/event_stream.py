"""AWS's event streams: what breaks in their middle is our own failure, and who leaves early closes the connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING, Final, TypeVar, cast

from runtime.adapters.aws.errors import translated
from runtime.errors import Failure

if TYPE_CHECKING:
    from aiobotocore.eventstream import AioEventStream

E = TypeVar("E")

_TAIL: Final = 0.5


async def events(stream: AioEventStream[E], part: str) -> AsyncGenerator[E, None]:
    """Yield the events of *stream* as they come; *part* is who sends them.

    A stream that was read to its end gives its connection back to the pool; in any other case that is closed.
    """
    try:
        with translated(part):
            async with aclosing(cast("AsyncGenerator[E, None]", aiter(stream))) as coming:
                async for event in coming:
                    yield event
    finally:
        stream.close()


async def tail(coming: AsyncGenerator[E, None]) -> list[E]:
    """Return what follows once an answer is whole, such as its usage; it may take half a second, and fail.

    Reading up to the end is what frees the connection for the next turn.
    """
    left: list[E] = []
    with suppress(Failure, TimeoutError):
        async with asyncio.timeout(_TAIL):
            async for event in coming:
                left.append(event)  # noqa: PERF401 - a comprehension would lose what came before a failure.
    return left
