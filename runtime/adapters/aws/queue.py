"""A FIFO queue of SQS. Each hand takes one message: a batch could bring several of one group, which must wait.

A few polls serve all who wait, in their order. A poll whose answer was lost, by a broken connection or because whoever
waited was cancelled, is repeated under its own attempt id: SQS then returns what it had given away already.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.receipts import Heartbeat, Removal
from runtime.conversation import Delivery, Message
from runtime.errors import Transient, place
from runtime.ports import Ids

if TYPE_CHECKING:
    from types_aiobotocore_sqs import SQSClient
    from types_aiobotocore_sqs.type_defs import MessageTypeDef

_log = logging.getLogger(__name__)
RETRY_SECONDS = 1
_POLLS = 4
_POLL_SECONDS = 20


class SqsQueue:
    """The queue at *url*; what is taken here stays invisible to others for *visibility* seconds from each heartbeat."""

    def __init__(self, client: SQSClient, url: str, ids: Ids, visibility: int = 30) -> None:
        self._client, self._url, self._ids = client, url, ids
        self._visibility = visibility
        self._heartbeat = Heartbeat(client, url, visibility)
        self._removal = Removal(client, url)
        self._polls = asyncio.Semaphore(_POLLS)
        self._unanswered: list[str] = []

    async def send(self, message: Message) -> None:
        with translated("the queue"):
            await self._client.send_message(
                QueueUrl=self._url,
                MessageGroupId=message.group,
                MessageDeduplicationId=message.deduplication,
                MessageBody=message.body,
            )

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Delivery]:
        received = await self._receive()
        receipt = received["ReceiptHandle"]
        try:
            async with self._heartbeat.holding(receipt):
                yield delivery(received)
        except Transient:
            await asyncio.shield(self._give_back(receipt, RETRY_SECONDS))
            raise
        except (asyncio.CancelledError, GeneratorExit):
            await asyncio.shield(self._give_back(receipt, 0))
            raise
        else:
            await self._removal.remove(receipt)

    async def depth(self) -> int:
        with translated("the queue"):
            found = await self._client.get_queue_attributes(
                QueueUrl=self._url, AttributeNames=["ApproximateNumberOfMessages"]
            )
        return int(found["Attributes"]["ApproximateNumberOfMessages"])

    async def _receive(self) -> MessageTypeDef:
        async with self._polls:
            while True:
                attempt = self._unanswered.pop() if self._unanswered else self._ids.new()
                try:
                    received = await self._poll(attempt, _POLL_SECONDS)
                except Transient:
                    self._unanswered.append(attempt)
                    raise
                except asyncio.CancelledError:
                    await asyncio.shield(self._give_back_what_came(attempt))
                    raise
                if received is not None:
                    return received

    async def _poll(self, attempt: str, seconds: int) -> MessageTypeDef | None:
        with translated("the queue"):
            answer = await self._client.receive_message(
                QueueUrl=self._url,
                MaxNumberOfMessages=1,
                WaitTimeSeconds=seconds,
                VisibilityTimeout=self._visibility,
                ReceiveRequestAttemptId=attempt,
                MessageSystemAttributeNames=["ApproximateReceiveCount", "MessageGroupId", "MessageDeduplicationId"],
            )
        return next(iter(answer.get("Messages", ())), None)

    async def _give_back_what_came(self, attempt: str) -> None:
        try:
            received = await self._poll(attempt, 0)
        except Transient as failure:
            _log.warning("message.unreturned", extra={"failure": place(failure)})
        else:
            if received is not None:
                await self._give_back(received["ReceiptHandle"], 0)

    async def _give_back(self, receipt: str, seconds: int) -> None:
        """Offer a message again in *seconds*; where that fails, it is offered when its visibility is over."""
        try:
            await give_back(self._client, self._url, receipt, seconds)
        except Transient as failure:
            _log.warning("message.unreturned", extra={"failure": place(failure)})


async def give_back(client: SQSClient, url: str, receipt: str, seconds: int) -> None:
    """Make the message of *receipt* visible again in *seconds*."""
    with translated("the queue"):
        await client.change_message_visibility(QueueUrl=url, ReceiptHandle=receipt, VisibilityTimeout=seconds)


def delivery(received: MessageTypeDef) -> Delivery:
    """Return what was *received*."""
    told = received["Attributes"]
    message = Message(told["MessageGroupId"], told["MessageDeduplicationId"], received["Body"])
    return Delivery(message, int(told["ApproximateReceiveCount"]))
