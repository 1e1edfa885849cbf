"""A FIFO queue of SQS. Each hand takes one message: a batch could bring several of one group, which must wait.

A few polls serve all who wait, in their order. A poll whose answer was lost, by a broken connection or because whoever
waited was cancelled, is repeated under its own attempt id: SQS then returns what it had given away already. Should it
give something to a poll that was cancelled before, that comes again when its visibility is over: so polls are short.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.receipts import Heartbeat, Removal
from runtime.conversation import Delivery, Message
from runtime.errors import Refused, Transient, Unavailable, place
from runtime.ports import Ids

if TYPE_CHECKING:
    from types_aiobotocore_sqs import SQSClient
    from types_aiobotocore_sqs.type_defs import MessageTypeDef

_log = logging.getLogger(__name__)
_RETRY_SECONDS = 1
_HALF = "the queue sent half an answer"
_POLLS = 4
_POLL_SECONDS = 5
_MOMENT = 1.0


class SqsQueue:
    """The queue at *url*; what is taken here stays invisible to others for *visibility* seconds from each heartbeat."""

    def __init__(self, client: SQSClient, url: str, ids: Ids, visibility: int = 30) -> None:
        self._client, self._url, self._ids = client, url, ids
        self._visibility = visibility
        self._heartbeat = Heartbeat(client, url, visibility)
        self._removal = Removal(client, url)
        self._polls = asyncio.Semaphore(_POLLS)
        self._unanswered: list[str] = []
        self._returning, self._returned = asyncio.Lock(), -math.inf

    async def send(self, message: Message) -> None:
        with translated("the queue"):
            sent = await self._client.send_message(
                QueueUrl=self._url,
                MessageGroupId=message.group,
                MessageDeduplicationId=message.deduplication,
                MessageBody=message.body,
            )
        if "MessageId" not in sent:
            raise Unavailable(_HALF)

    @asynccontextmanager
    async def take(self) -> AsyncIterator[Delivery]:
        received = await self._receive()
        receipt = received["ReceiptHandle"]
        try:
            async with self._heartbeat.holding(receipt):
                yield delivery(received["Attributes"], received["Body"])
        except Transient:
            await asyncio.shield(self._give_back(receipt, _RETRY_SECONDS))
            raise
        except (asyncio.CancelledError, GeneratorExit):
            await asyncio.shield(self._give_back(receipt, 0))
            raise
        else:
            await self._removal.remove(receipt)

    @asynccontextmanager
    async def handed(self, record: Mapping[str, Any]) -> AsyncIterator[Delivery]:
        """Hold what Lambda took of this queue, which removes it itself; a failure that may pass is offered as ever."""
        try:
            yield delivery(record["attributes"], record["body"])
        except Transient:
            await self.return_later(record)
            raise

    async def return_later(self, record: Mapping[str, Any]) -> None:
        """Offer again in a second what Lambda took."""
        await self._give_back(record["receiptHandle"], _RETRY_SECONDS)

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
        if "message" in answer:  # What botocore makes of JSON that it cannot read.
            raise Unavailable(_HALF)
        return next(iter(answer.get("Messages", ())), None)

    async def _give_back_what_came(self, attempt: str) -> None:
        """Give back what was on its way to a poll that was cut.

        Where nothing was, this is a receive like any other, which counts towards the few that a message has: so once
        something came, others who stop in the same moment leave it alone.
        """
        async with self._returning:
            now = asyncio.get_running_loop().time()
            if now - self._returned < _MOMENT:
                return
            try:
                received = await self._poll(attempt, 0)
            except Transient as failure:
                _log.warning("message.unreturned", extra={"failure": place(failure)})
                return
            if received is not None:
                self._returned = now
                await self._give_back(received["ReceiptHandle"], 0)

    async def _give_back(self, receipt: str, seconds: int) -> None:
        """Offer a message again in *seconds*; where that fails, it is offered when its visibility is over."""
        try:
            with translated("the queue"):
                await self._client.change_message_visibility(
                    QueueUrl=self._url, ReceiptHandle=receipt, VisibilityTimeout=seconds
                )
        except (Transient, Refused) as failure:
            _log.warning("message.unreturned", extra={"failure": place(failure)})


def delivery(told: Mapping[Any, str], body: str) -> Delivery:
    """Return a message as it was delivered with the attributes *told*."""
    message = Message(told["MessageGroupId"], told["MessageDeduplicationId"], body)
    return Delivery(message, int(told["ApproximateReceiveCount"]))
