"""ElasticMQ: what moto would let a wrong worker do, it does not."""

from typing import Any

import pytest

from tests.parts.elasticmq import ElasticMq
from tests.parts.given import client

pytestmark = pytest.mark.real

_FIFO = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}


async def test_one_message_of_a_group_is_in_flight(elasticmq: ElasticMq) -> None:
    async with client("sqs", elasticmq) as sqs:
        queue = await _queue(sqs)
        for group, body in (("ana", "1"), ("ana", "2"), ("bob", "3")):
            await sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=group, MessageDeduplicationId=body)
        first, second, third = [await _received(sqs, queue) for _ in range(3)]

    assert {message["Body"] for message in (*first, *second)} == {"1", "3"}
    assert third == []


async def test_a_handle_of_before_the_redelivery_deletes_nothing(elasticmq: ElasticMq) -> None:
    async with client("sqs", elasticmq) as sqs:
        queue = await _queue(sqs)
        await sqs.send_message(QueueUrl=queue, MessageBody="1", MessageGroupId="ana", MessageDeduplicationId="1")
        [stale] = await _received(sqs, queue)
        await sqs.change_message_visibility(QueueUrl=queue, ReceiptHandle=stale["ReceiptHandle"], VisibilityTimeout=0)
        await _received(sqs, queue)

        with pytest.raises(sqs.exceptions.ReceiptHandleIsInvalid):
            await sqs.delete_message(QueueUrl=queue, ReceiptHandle=stale["ReceiptHandle"])


async def test_a_second_send_of_the_same_id_adds_nothing(elasticmq: ElasticMq) -> None:
    async with client("sqs", elasticmq) as sqs:
        queue = await _queue(sqs)
        same = {"MessageBody": "1", "MessageGroupId": "ana", "MessageDeduplicationId": "1"}
        sent = [await sqs.send_message(QueueUrl=queue, **same) for _ in range(2)]

    assert len({answer["MessageId"] for answer in sent}) == 1


async def test_the_next_test_finds_no_queue_of_the_last(elasticmq: ElasticMq) -> None:
    async with client("sqs", elasticmq) as sqs:
        await _queue(sqs)

        elasticmq.reset()

        assert (await sqs.list_queues())["QueueUrls"] == []


async def _queue(sqs: Any) -> str:  # noqa: ANN401 - the SDK's own client
    return str((await sqs.create_queue(QueueName="turns.fifo", Attributes=_FIFO))["QueueUrl"])


async def _received(sqs: Any, queue: str) -> list[dict[str, Any]]:  # noqa: ANN401 - the SDK's own client
    answer = await sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=1)
    messages: list[dict[str, Any]] = answer.get("Messages", [])
    return messages
