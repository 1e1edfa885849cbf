"""Lambda's event source of an SQS queue: gives a function its messages and deletes what was not reported as failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiobotocore.session import get_session
from types_aiobotocore_sqs import SQSClient
from types_aiobotocore_sqs.type_defs import MessageTypeDef

from tests.parts.endpoint import Endpoint
from tests.parts.gateway import Invoked
from tests.parts.runtime_api import Failed

_POLL_S = 20


@dataclass(frozen=True)
class Settled:
    """An event that the function was given, and the ids of the messages that stay in the queue."""

    event: Mapping[str, Any]
    failed: frozenset[str]


@asynccontextmanager
async def event_source(
    endpoint: Endpoint,
    queue: str,
    function: Invoked,
    *,
    batch_size: int = 1,
    concurrency: int = 2,
    reports: bool = True,
) -> AsyncIterator[asyncio.Queue[Settled]]:
    """Feed *function* from the *queue* (its URL) until the block ends; yield a queue of what came of it.

    What the function reports in `batchItemFailures` (unless nobody listens to its *reports*), and all of a batch on
    which it fails, is left in the queue, to be seen again when its visibility ends.
    """
    settled: asyncio.Queue[Settled] = asyncio.Queue()
    async with get_session().create_client("sqs", **endpoint.arguments) as sqs, asyncio.TaskGroup() as pollers:
        source = _Source(sqs, queue, function, batch_size, settled, reports)
        feeding = [pollers.create_task(source.feed()) for _ in range(concurrency)]
        try:
            yield settled
        finally:
            for poller in feeding:
                poller.cancel()


@dataclass(frozen=True)
class _Source:
    sqs: SQSClient
    queue: str
    function: Invoked
    batch_size: int
    settled: asyncio.Queue[Settled]
    reports: bool

    async def feed(self) -> None:
        """Take messages and see them through, for ever."""
        while True:
            if messages := await self._taken():
                event = {"Records": [_record(message, self.queue) for message in messages]}
                failed = await self._failed(event)
                await self._delete([message for message in messages if message["MessageId"] not in failed])
                self.settled.put_nowait(Settled(event, failed))

    async def _taken(self) -> Sequence[MessageTypeDef]:
        taken = await self.sqs.receive_message(
            QueueUrl=self.queue,
            MaxNumberOfMessages=self.batch_size,
            WaitTimeSeconds=_POLL_S,
            MessageSystemAttributeNames=["All"],
        )
        return taken.get("Messages", [])

    async def _failed(self, event: Mapping[str, Any]) -> frozenset[str]:
        """Return the ids of the messages that the function did not see through."""
        everything = frozenset(record["messageId"] for record in event["Records"])
        try:
            answer = await self.function.invoke(event)
        except Failed:
            return everything
        failures = (answer.get("batchItemFailures") or ()) if self.reports and isinstance(answer, dict) else ()
        reported = frozenset(failure.get("itemIdentifier") for failure in failures)
        unknown = reported - everything
        return everything if unknown else reported

    async def _delete(self, messages: Sequence[MessageTypeDef]) -> None:
        for message in messages:
            await self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])


def _record(message: MessageTypeDef, queue: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue.rpartition('/')[2]}",
        "awsRegion": "us-east-1",
    }
