"""AWS's event streams: what breaks in their middle is our own failure, and who leaves early closes the connection."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TYPE_CHECKING, TypeVar, cast

from runtime.adapters.aws.errors import translated

if TYPE_CHECKING:
    from aiobotocore.eventstream import AioEventStream

E = TypeVar("E")


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
