"""What the suites of the queue do with messages."""

from __future__ import annotations

import asyncio

from runtime.conversation import Delivery, Message
from runtime.errors import Transient
from runtime.ports import Queue


def message(group: str = "ada", number: int = 1) -> Message:
    """Return the message *number* of *group*."""
    return Message(group, f"{number}:1", f"{number}")


async def fill(queue: Queue, *numbers: int, group: str = "ada") -> None:
    """Send the messages *numbers* of *group*."""
    for number in numbers:
        await queue.send(message(group, number))


async def succeed(queue: Queue) -> Delivery:
    """Take a message and handle it."""
    async with asyncio.timeout(100), queue.take() as delivery:
        return delivery


async def fail(queue: Queue) -> Delivery:
    """Take a message and fail for a while."""
    return await _raise(queue, Transient())


async def crash(queue: Queue) -> Delivery:
    """Take a message and fail unforeseen."""
    return await _raise(queue, ZeroDivisionError())


async def hold(queue: Queue) -> None:
    """Take a message and keep it until cancelled."""
    async with queue.take():
        await asyncio.Event().wait()


async def empty(queue: Queue, seconds: float = 100) -> bool:
    """Say whether nothing is offered for *seconds*, by default three times as long as anything is hidden."""
    try:
        async with asyncio.timeout(seconds), queue.take():
            return False
    except TimeoutError:
        return True


async def _raise(queue: Queue, error: Exception) -> Delivery:
    delivery = None
    try:
        async with asyncio.timeout(100), queue.take() as delivery:
            raise error
    except type(error):
        assert delivery
        return delivery
