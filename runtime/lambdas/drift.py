"""The function that looks whether the guardrail is what the policy says: it fails where it is not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from runtime.bootstrap import cloud
from runtime.lambdas.warm import Warm, type_of_event


async def answer(work: Callable[[], Awaitable[None]], _: type_of_event) -> None:
    """Do it, whatever the event."""
    await work()


handler = Warm(partial(cloud.opened, "drift", opens=cloud.drift), answer)
