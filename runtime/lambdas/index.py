"""The function that makes the index of long-term memories, or finds it made, and deletes from it what has expired."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.warm import Warm, type_of_event


async def answer(work: Callable[[], Awaitable[None]], _: type_of_event) -> None:
    """Do it, whatever the event."""
    await work()


handler = Warm(partial(cloud.opened, "index", opens=cloud.index), answer)
