"""What every queue keeps when many wait for its messages, and when those who wait are cancelled."""

from __future__ import annotations

import asyncio

import pytest

from runtime.ports import Queue
from tests.adapters.homes import Home
from tests.adapters.taking import crash, empty, fail, fill, hold, message, succeed


@pytest.fixture
def queue(home: Home) -> Queue:
    """Make a queue whose failures go to the queue `dead`."""
    return home.queue("turns", "dead")


async def ticks(count: int) -> None:
    """Let everybody else take *count* steps."""
    for _ in range(count):
        await asyncio.sleep(0)


async def test_who_waits_gets_what_is_sent_at_once(queue: Queue) -> None:
    waiting = asyncio.ensure_future(succeed(queue))
    await asyncio.sleep(5.5)
    await fill(queue, 1)

    async with asyncio.timeout(0.01):
        assert (await waiting).message == message()


async def test_who_waits_gets_the_next_of_a_group_as_soon_as_its_turn_comes(queue: Queue) -> None:
    await fill(queue, 1, 2)
    async with queue.take():
        waiting = asyncio.ensure_future(succeed(queue))
        await asyncio.sleep(5.5)

    async with asyncio.timeout(0.01):
        assert (await waiting).message == message(number=2)


async def test_who_waits_for_dead_letters_gets_them(home: Home, queue: Queue) -> None:
    waiting = asyncio.ensure_future(succeed(home.queue("dead")))
    await fill(queue, 1)
    for _ in range(3):
        await fail(queue)

    assert await empty(queue, 2)
    assert waiting.done()


async def test_a_hundred_who_wait_share_what_comes(queue: Queue) -> None:
    takers = [asyncio.ensure_future(succeed(queue)) for _ in range(100)]
    await ticks(3)

    for number in range(100):
        await fill(queue, 1, group=f"user-{number:02}")

    async with asyncio.timeout(0.01):
        groups = [(await taker).message.group for taker in takers]
    assert sorted(groups) == [f"user-{number:02}" for number in range(100)]


async def test_all_that_becomes_visible_in_one_instant_is_taken_in_it(queue: Queue) -> None:
    for group in "abc":
        await fill(queue, 1, group=group)
        await crash(queue)
    takers = [asyncio.ensure_future(succeed(queue)) for _ in range(5)]

    await asyncio.sleep(30.1)

    assert sum(taker.done() for taker in takers) == 3
    for taker in takers:
        taker.cancel()
    await asyncio.wait(takers)


async def test_who_is_cancelled_while_waiting_costs_the_others_nothing(queue: Queue) -> None:
    gone, waiting = [asyncio.ensure_future(succeed(queue)) for _ in range(2)]
    await ticks(3)
    gone.cancel()
    await fill(queue, 1)

    async with asyncio.timeout(0.01):
        assert (await waiting).message == message()


async def test_who_is_cancelled_when_just_woken_passes_it_on(queue: Queue) -> None:
    gone, waiting = [asyncio.ensure_future(succeed(queue)) for _ in range(2)]
    await ticks(3)
    await fill(queue, 1)
    gone.cancel()

    async with asyncio.timeout(0.01):
        assert (await waiting).message == message()


@pytest.mark.parametrize("steps", range(12))
async def test_wherever_a_taker_is_cancelled_its_message_is_not_lost(queue: Queue, steps: int) -> None:
    taker = asyncio.ensure_future(hold(queue))
    await ticks(steps // 2)
    await fill(queue, 1)
    await ticks(steps - steps // 2)

    taker.cancel()

    async with asyncio.timeout(0.01):
        assert (await succeed(queue)).message == message()


@pytest.mark.parametrize("steps", range(8))
async def test_what_was_handled_is_gone_wherever_its_taker_is_cancelled(queue: Queue, steps: int) -> None:
    handled = []

    async def handle() -> None:
        async with queue.take() as delivery:
            handled.append(delivery)

    await fill(queue, 1, 2)
    taker = asyncio.ensure_future(handle())
    await ticks(steps)

    taker.cancel()
    await asyncio.wait([taker])

    async with asyncio.timeout(0.01):
        assert (await succeed(queue)).message == message(number=2 if handled else 1)


async def test_takers_that_come_and_go_lose_nothing(home: Home) -> None:
    queue = home.queue("jobs")
    async with asyncio.TaskGroup() as group:
        takers = [group.create_task(hold(queue)) for _ in range(50)]
        for number in range(50):
            await fill(queue, 1, group=f"user-{number}")
            takers[number * 7 % 50].cancel()
            await ticks(number % 3)
        for taker in takers:
            taker.cancel()

    assert len({(await succeed(queue)).message.group for _ in range(50)}) == 50
