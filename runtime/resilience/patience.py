"""How long each part is waited for.

A stream has one timer that is re-armed, never one an item: `asyncio.timeout` costs 5 us, and 300 items are common.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from msgspec import Struct

from runtime.errors import Unavailable

T = TypeVar("T")


class Patience(Struct, frozen=True):
    """How long each part may take, in seconds, and how often it is asked."""

    model_first: float = 8.0
    model_between: float = 8.0
    model_tries: int = 2
    moderator: float = 1.5
    moderator_tries: int = 2
    synthesis: float = 5.0
    pause: float = 0.1


async def paced(stream: AsyncGenerator[T, None], *, first: float, between: float, what: str) -> AsyncGenerator[T, None]:
    """Pass *stream* on and close it at the end; raise `Unavailable` where it keeps one waiting.

    The first item may take *first* seconds, each later one *between*.
    The timer is moved only when half of its time is over, so an item may be late by up to half of *between* more. It
    runs while the consumer has the word as well: for consumers that wait for nothing between two items, as ours.
    """
    loop = asyncio.get_running_loop()
    try:
        async with aclosing(stream), asyncio.timeout(first) as timer:
            due = loop.time()
            async for item in stream:
                if (now := loop.time()) >= due:
                    timer.reschedule(now + between * 1.5)
                    due = now + between * 0.5
                yield item
    except TimeoutError:
        raise Unavailable(f"{what} sent nothing in time") from None
