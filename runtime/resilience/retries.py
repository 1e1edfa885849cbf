"""Asking a store again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from msgspec import Struct

from runtime.errors import Unavailable

T = TypeVar("T")


class Retries(Struct, frozen=True):
    """Asks a store again that did not answer, for calls that are harmless twice: *tries* in all.

    *pause* seconds lie before the second try, twice as many before each later one, more or less by half.
    """

    dice: random.Random
    tries: int = 3
    pause: float = 0.05

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """Return what *call* does."""
        for number in range(self.tries - 1):
            try:
                return await call()
            except Unavailable:
                await asyncio.sleep(self.pause * 2**number * (0.5 + self.dice.random()))
        return await call()
