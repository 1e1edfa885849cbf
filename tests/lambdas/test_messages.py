"""Batches from a queue: whatever fails comes back with what stands behind it in its group, and nothing else does."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any, cast

import pytest

from runtime.adapters.aws.clients import Clients
from runtime.adapters.aws.queue import SqsQueue
from runtime.adapters.local.clock import RandomIds
from runtime.bootstrap.cloud import Letters, Work
from runtime.conversation import Delivery
from runtime.errors import Unavailable
from runtime.lambdas import messages
from tests.adapters.taking import message, succeed
from tests.parts.elasticmq import ElasticMq
from tests.parts.events import batch


class Reader:
    """Reads messages, and fails as *fails* says at the bodies that it names."""

    def __init__(self, **fails: Exception) -> None:
        self.fails, self.read = fails, list[str]()

    async def handle(self, delivery: Delivery) -> None:
        """Read one."""
        self.read.append(delivery.message.body)
        await asyncio.sleep(0)
        if delivery.message.body in self.fails:
            raise self.fails[delivery.message.body]


def mixed() -> dict[str, Any]:
    """Return a batch of two groups."""
    hers, his = batch("a1", "a2", "a3", group="ana"), batch("b1", "b2", group="bob")
    records = [*hers["Records"], *his["Records"]]
    return {"Records": [record | {"messageId": record["body"]} for record in records]}


async def failed(reader: Reader) -> set[str]:
    """Return what is reported of a batch."""
    answer = cast("dict[str, list[dict[str, str]]]", await messages.answer(Letters(reader.handle), mixed()))
    return {one["itemIdentifier"] for one in answer["batchItemFailures"]}


async def test_a_batch_that_is_done_reports_nothing() -> None:
    reader = Reader()

    assert await failed(reader) == set()

    assert [body for body in reader.read if body.startswith("a")] == ["a1", "a2", "a3"]


@pytest.mark.parametrize("error", [Unavailable("away"), ZeroDivisionError()])
async def test_what_failed_comes_back_with_the_rest_of_its_group(error: Exception) -> None:
    reader = Reader(a2=error)

    assert await failed(reader) == {"a2", "a3"}

    assert set(reader.read) == {"a1", "a2", "b1", "b2"}


@pytest.mark.real
async def test_what_failed_for_a_while_is_there_again_in_a_second_and_in_order(elasticmq: ElasticMq) -> None:
    async with AsyncExitStack() as stack, asyncio.timeout(60):
        sqs = await Clients(stack, elasticmq.arguments).open("sqs")
        url = (await sqs.create_queue(QueueName="turns.fifo", Attributes={"FifoQueue": "true"}))["QueueUrl"]
        turns = SqsQueue(sqs, url, RandomIds())
        for number in (1, 2):
            await turns.send(message(number=number))
        taken = await sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"])
        event = {"Records": [_record(cast("dict[str, Any]", one)) for one in taken["Messages"]]}

        await messages.answer(Work(Reader(**{"1": Unavailable("away")}).handle, turns), event)

        assert [(await succeed(turns)).message.body for _ in range(2)] == ["1", "2"]


def _record(taken: dict[str, Any]) -> dict[str, Any]:
    return {
        "messageId": taken["MessageId"],
        "receiptHandle": taken["ReceiptHandle"],
        "body": taken["Body"],
        "attributes": taken["Attributes"],
    }
