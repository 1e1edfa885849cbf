"""What SQS's queue keeps beyond the queue's suites: on ElasticMQ in real time, where polls and calls take theirs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import pytest

from runtime.adapters.aws.clients import Limits
from runtime.adapters.aws.queue import SqsQueue
from runtime.adapters.local.clock import RandomIds
from runtime.conversation import Message
from runtime.errors import Unavailable
from tests.adapters.on_aws import clients
from tests.adapters.taking import hold, message, succeed
from tests.parts.elasticmq import ElasticMq
from tests.parts.wire import Wire, faults, serving

pytestmark = pytest.mark.real
_numbers = count()


@asynccontextmanager
async def queue(elasticmq: ElasticMq, visibility: int = 30) -> AsyncIterator[tuple[SqsQueue, Wire]]:
    """Open a new queue; its calls go over a wire that fails on order."""
    async with serving(upstreams={"sqs": elasticmq}) as wire, clients(wire) as opened:
        sqs = await opened.open("sqs", Limits(read=25))
        made = await sqs.create_queue(QueueName=f"turns-{next(_numbers)}.fifo", Attributes={"FifoQueue": "true"})
        url = made["QueueUrl"]
        yield SqsQueue(sqs, url, RandomIds(), visibility), wire


async def polling(wire: Wire) -> None:
    """Wait until somebody polls."""
    while not wire.of("ReceiveMessage"):  # noqa: ASYNC110 - the wire tells nobody.
        await asyncio.sleep(0)


async def test_who_polls_gets_what_is_sent_meanwhile(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        waiting = asyncio.ensure_future(succeed(turns))
        await polling(wire)

        await turns.send(message())

        assert (await waiting).message == message()
        assert len(wire.of("ReceiveMessage")) == 1


async def test_who_is_cancelled_while_something_comes_gives_it_back_at_once(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        await turns.send(message())
        wire.fail(faults.stalled(0, asyncio.Event()), of="ReceiveMessage")
        waiting = asyncio.ensure_future(hold(turns))
        while await turns.depth():  # noqa: ASYNC110 - the queue tells nobody.
            await asyncio.sleep(0)

        waiting.cancel()

        assert (await succeed(turns)).message == message()


async def test_of_many_who_stop_at_once_one_looks_for_what_came(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        hands = [asyncio.ensure_future(hold(turns)) for _ in range(10)]
        wire.fail(faults.stalled(0, asyncio.Event()), of="ReceiveMessage")
        await turns.send(message())
        while await turns.depth():  # noqa: ASYNC110 - the queue tells nobody.
            await asyncio.sleep(0)

        for hand in hands:
            hand.cancel()
        await asyncio.wait(hands)

        assert len(wire.of("ChangeMessageVisibility")) <= 2  # Whoever held it, if any did, and one who looked.


@pytest.mark.parametrize("fault", ["lost", "half an answer, then reset", "half an answer, as if whole"])
async def test_what_came_with_an_answer_that_was_lost_comes_with_the_next(elasticmq: ElasticMq, fault: str) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        await turns.send(message())
        wire.fail(faults.FAILURES[fault], of="ReceiveMessage")
        with pytest.raises(Unavailable):
            await succeed(turns)

        assert (await succeed(turns)).message == message()


async def test_many_hands_wait_with_four_polls(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        hands = [asyncio.ensure_future(succeed(turns)) for _ in range(40)]
        await polling(wire)
        for number in range(40):
            await turns.send(message(f"user-{number}", number))

        groups = {(await hand).message.group for hand in hands}

        assert len(groups) == len(wire.of("ReceiveMessage")) == 40
        assert wire.connections("sqs") <= 4 + 2


async def test_what_is_done_together_is_removed_together(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        for number in range(30):
            await turns.send(message(f"user-{number}", number))
        done = asyncio.Event()
        taken = asyncio.Semaphore(0)

        async def hand() -> None:
            async with turns.take():
                taken.release()
                await done.wait()

        hands = [asyncio.ensure_future(hand()) for _ in range(30)]
        for _ in range(30):
            await taken.acquire()
        done.set()
        await asyncio.gather(*hands)

        assert len(wire.of("DeleteMessageBatch")) <= 5
        assert await turns.depth() == 0


@pytest.mark.parametrize("fault", ["throttled", "lost", "half an answer, as if whole"])
async def test_who_cannot_remove_what_is_done_says_so(elasticmq: ElasticMq, fault: str) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        await turns.send(message())
        wire.fail(faults.FAILURES[fault], of="DeleteMessageBatch")

        with pytest.raises(Unavailable):
            await succeed(turns)


async def test_what_could_not_be_removed_comes_again_when_its_time_is_over(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq, visibility=1) as (turns, wire), asyncio.timeout(20):
        await turns.send(message())
        wire.fail(faults.throttled, of="DeleteMessageBatch")
        with pytest.raises(Unavailable):
            await succeed(turns)

        assert (await succeed(turns)).receives == 2


async def test_a_heartbeat_that_fails_once_loses_nothing(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq, visibility=3) as (turns, wire), asyncio.timeout(20):
        await turns.send(message())
        wire.fail(faults.unavailable, of="ChangeMessageVisibilityBatch")
        async with turns.take():
            while len(wire.of("ChangeMessageVisibilityBatch")) < 4:  # noqa: ASYNC110 - as above.
                await asyncio.sleep(0.01)

        assert await turns.depth() == 0


async def test_every_user_id_of_the_protocol_is_a_group(elasticmq: ElasticMq) -> None:
    user = "aZ09._:@-" + "x" * 119
    async with queue(elasticmq) as (turns, _), asyncio.timeout(20):
        sent = Message(user, "00000000-0000-4000-8000-000000000001:1", "{}")
        await turns.send(sent)

        assert (await succeed(turns)).message == sent


async def test_a_send_whose_answer_is_half_is_not_taken_for_done(elasticmq: ElasticMq) -> None:
    async with queue(elasticmq) as (turns, wire), asyncio.timeout(20):
        wire.fail(faults.FAILURES["half an answer, as if whole"], of="SendMessage")
        with pytest.raises(Unavailable):
            await turns.send(message())

        await turns.send(message())

        assert await turns.depth() == 1
