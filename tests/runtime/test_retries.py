"""Asking a store again: only where it did not answer, later each time, and not for ever."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from runtime.errors import Contended, Failure, LeaseLost, Misconfigured, Refused, Unavailable
from runtime.resilience import Retries

RETRIES = Retries(random.Random(1), tries=4, pause=0.1)


def failing(asked: list[float], *failures: Failure) -> Callable[[], Awaitable[str]]:
    """Return a call that fails as said, then answers; *asked* are its instants."""
    left = iter(failures)

    async def call() -> str:
        asked.append(asyncio.get_running_loop().time())
        if failure := next(left, None):
            raise failure
        return "yes"

    return call


async def test_who_did_not_answer_is_asked_again_later_each_time() -> None:
    asked: list[float] = []

    assert await RETRIES(failing(asked, *[Unavailable("not now")] * 3)) == "yes"

    pauses = [later - earlier for earlier, later in pairwise(asked)]
    assert [0.5 <= pause / (0.1 * 2**number) <= 1.5 for number, pause in enumerate(pauses)] == [True] * 3


async def test_in_the_end_it_is_said_that_there_was_no_answer() -> None:
    asked: list[float] = []

    with pytest.raises(Unavailable, match="not now"):
        await RETRIES(failing(asked, *[Unavailable("not now")] * 9))

    assert len(asked) == 4


@pytest.mark.parametrize("failure", [Refused("no"), Misconfigured("no"), LeaseLost("no"), Contended("no")])
async def test_what_was_answered_is_not_asked_again(failure: Failure) -> None:
    asked: list[float] = []

    with pytest.raises(type(failure)):
        await RETRIES(failing(asked, failure))

    assert len(asked) == 1
