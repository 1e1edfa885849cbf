"""What every queue keeps: SQS's FIFO semantics."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from runtime.conversation import Delivery, Message
from runtime.ports import Queue
from tests.adapters.homes import Home
from tests.adapters.taking import crash, empty, fail, fill, hold, message, succeed


@pytest.fixture
def queue(home: Home) -> Queue:
    """Make a queue whose failures go to the queue `dead`."""
    return home.queue("turns", "dead")


async def test_a_message_is_delivered_as_it_was_sent(queue: Queue) -> None:
    await queue.send(message("a:user@example.org", 7))

    assert await succeed(queue) == Delivery(message("a:user@example.org", 7), receives=1)


async def test_a_message_that_was_handled_is_gone(queue: Queue) -> None:
    await fill(queue, 1)

    await succeed(queue)

    assert await empty(queue)


async def test_a_group_is_delivered_in_order(queue: Queue) -> None:
    await fill(queue, 3, 1, 2)

    assert [(await succeed(queue)).message.body for _ in range(3)] == ["3", "1", "2"]


async def test_a_group_has_one_message_in_flight(queue: Queue) -> None:
    await fill(queue, 1, 2)

    async with queue.take():
        assert await empty(queue)

    assert (await succeed(queue)).message == message(number=2)


async def test_groups_are_delivered_side_by_side(queue: Queue) -> None:
    for group, number in (("ada", 1), ("ada", 2), ("bob", 1), ("eve", 1), ("bob", 2)):
        await fill(queue, number, group=group)

    async with queue.take() as one, queue.take() as two, queue.take() as three:
        assert {held.message.group for held in (one, two, three)} == {"ada", "bob", "eve"}


async def test_a_group_with_a_long_backlog_does_not_hold_up_others(queue: Queue) -> None:
    await fill(queue, *range(50))
    await fill(queue, 1, group="bob")

    async with queue.take() as first, queue.take() as second:
        assert {first.message.group, second.message.group} == {"ada", "bob"}


async def test_queues_know_nothing_of_each_other(home: Home) -> None:
    turns, jobs = home.queue("turns"), home.queue("jobs")
    await turns.send(message())

    assert await empty(jobs)
    await jobs.send(message())
    assert (await succeed(jobs)).message == message()


async def test_what_failed_for_a_while_is_offered_again_in_a_second(queue: Queue) -> None:
    await fill(queue, 1)

    await fail(queue)

    assert await empty(queue, 0.9)
    async with asyncio.timeout(0.2):
        assert await succeed(queue) == Delivery(message(), receives=2)


async def test_what_failed_comes_before_the_rest_of_its_group(queue: Queue) -> None:
    await fill(queue, 1, 2)
    await fail(queue)

    assert [(await succeed(queue)).message.body for _ in range(2)] == ["1", "2"]


async def test_after_a_crash_a_message_is_offered_again_when_its_visibility_is_over(queue: Queue) -> None:
    await fill(queue, 1, 2)

    await crash(queue)

    assert await empty(queue, 29)
    async with asyncio.timeout(2):
        assert await succeed(queue) == Delivery(message(), receives=2)


async def test_what_is_cancelled_is_offered_again_at_once(queue: Queue) -> None:
    await fill(queue, 1)

    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        task = group.create_task(hold(queue))
        await asyncio.sleep(1)
        task.cancel()
        assert await succeed(queue) == Delivery(message(), receives=2)


async def test_the_error_of_the_block_reaches_the_caller(queue: Queue) -> None:
    await fill(queue, 1)

    with pytest.raises(RuntimeError, match="as raised"):
        async with queue.take():
            raise RuntimeError("as raised")


async def test_what_is_held_for_long_is_not_offered_to_others(queue: Queue) -> None:
    await fill(queue, 1)

    async with queue.take():
        assert await empty(queue, 600)

    assert await empty(queue)


async def test_a_duplicate_is_dropped_for_five_minutes_even_when_its_message_is_gone(queue: Queue) -> None:
    await fill(queue, 1, 1)
    await succeed(queue)

    assert await empty(queue, 299)
    await fill(queue, 1)

    assert await empty(queue)


async def test_after_five_minutes_the_same_is_a_new_message(home: Home, queue: Queue) -> None:
    await fill(queue, 1)
    await succeed(queue)
    await home.later(200)
    await fill(queue, 1)

    await home.later(100)
    await fill(queue, 1)

    assert await succeed(queue) == Delivery(message(), receives=1)


async def test_two_users_may_use_one_deduplication_id(queue: Queue) -> None:
    hers, his = Message("ada", "same", "hers"), Message("bob", "same", "his")

    await queue.send(hers)
    await queue.send(his)

    assert {(await succeed(queue)).message for _ in range(2)} == {hers, his}


@pytest.mark.parametrize("come_to_nothing", [fail, crash])
async def test_what_came_to_nothing_three_times_is_a_dead_letter(
    home: Home, queue: Queue, come_to_nothing: Callable[[Queue], Awaitable[Delivery]]
) -> None:
    await fill(queue, 1)

    assert [(await come_to_nothing(queue)).receives for _ in range(3)] == [1, 2, 3]

    assert await empty(queue)
    assert (await succeed(home.queue("dead"))).message == message()


async def test_a_dead_letter_makes_way_for_the_rest_of_its_group(queue: Queue) -> None:
    await fill(queue, 1, 2)
    for _ in range(3):
        await fail(queue)

    assert await succeed(queue) == Delivery(message(number=2), receives=1)


async def test_dead_letters_of_a_group_keep_their_order(home: Home, queue: Queue) -> None:
    await fill(queue, 2, 1)
    for _ in range(6):
        await fail(queue)
    assert await empty(queue)

    assert [(await succeed(home.queue("dead"))).message.body for _ in range(2)] == ["2", "1"]


async def test_without_a_place_for_dead_letters_a_message_is_offered_for_ever(home: Home) -> None:
    queue = home.queue("jobs")
    await fill(queue, 1)

    assert [(await fail(queue)).receives for _ in range(5)] == [1, 2, 3, 4, 5]


async def test_the_depth_is_what_waits(queue: Queue) -> None:
    assert await queue.depth() == 0
    await fill(queue, 1, group="ada")
    await fill(queue, 1, 2, group="bob")

    async with queue.take():
        assert await queue.depth() == 2
