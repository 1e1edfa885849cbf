"""SQS's queues in a test's own time, on ElasticMQ whose clock is the test's.

What is not as in the service is put right here. ElasticMQ's long polls wait in real time, so a poll looks again when
something may have changed. Its deduplication ids are a queue's and not a group's, so the group goes into them; they are
lost on the way to the dead letters; and they are forgotten once a second of real time, which has to pass.
"""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec
import pytest

from runtime.adapters.aws.queue import SqsQueue
from runtime.adapters.local.clock import RandomIds
from tests.adapters.afar import Afar
from tests.parts.clock import Clock, TimedElasticMq
from tests.parts.endpoint import Endpoint
from tests.virtual_time import LoopClock

_MOST, _DEDUPLICATED, _TICK = 3, 300.0, 0.001
_ITS_ROUND = 1.2
_numbers = count()
_AMONG = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}


class SqsInTime:
    """An SQS client whose calls happen at the running loop's instants."""

    def __init__(self, client: Afar, clock: Clock) -> None:
        self._client, self._clock, self._time = client, clock, LoopClock()
        self._waiting: list[asyncio.Future[None]] = []
        self._due: set[float] = set()
        self._seen: dict[tuple[str, str], float] = {}
        self._sent: dict[tuple[str, str], str] = {}
        self._looks, self._changes = 1, 0

    def __getattr__(self, operation: str) -> Any:  # noqa: ANN401 - as the service says.
        async def call(**arguments: Any) -> Any:  # noqa: ANN401 - as the service says.
            self._clock.set(self._time.now())
            answer = await getattr(self._client, operation)(**arguments)
            self._changed(arguments, answer)
            return answer

        return call

    async def send_message(self, **message: Any) -> Any:  # noqa: ANN401 - as the service says.
        """Send under a deduplication id that says its group."""
        group, its_own = message["MessageGroupId"], message["MessageDeduplicationId"]
        key = f"{group}/{its_own}"
        self._sent[group, message["MessageBody"]] = its_own
        await self._forgotten((message["QueueUrl"], key))
        return await self.__getattr__("send_message")(**message | {"MessageDeduplicationId": key})

    async def receive_message(self, *, WaitTimeSeconds: float, **more: Any) -> Any:  # noqa: ANN401, N803
        """Look at each instant at which something may have come, until the poll is over."""
        over = self._time.now() + WaitTimeSeconds
        so_far = self._changes
        while not (answer := await self._look(more)).get("Messages") and self._time.now() < over:
            await self._something(over, so_far)
            so_far = self._changes
        for found in answer.get("Messages", ()):
            told = found["Attributes"]
            told["MessageDeduplicationId"] = self._sent[told["MessageGroupId"], found["Body"]]
            if int(told["ApproximateReceiveCount"]) == _MOST:
                self._looks = _MOST
        return answer

    async def get_queue_attributes(self, **queue: Any) -> Any:  # noqa: ANN401 - as the service says.
        """Count what is visible since a millisecond ago, as ElasticMQ does."""
        self._clock.set(self._time.now() + _TICK)
        return await self._client.get_queue_attributes(**queue)

    async def _look(self, more: dict[str, Any]) -> Any:  # noqa: ANN401 - as the service says.
        """Receive what is there; a look that only sent messages to the dead letters brings nothing."""
        answer: dict[str, Any] = {}
        for _ in range(self._looks):
            if not answer.get("Messages"):
                answer = await self.__getattr__("receive_message")(WaitTimeSeconds=0, **more)
        return answer

    async def _something(self, over: float, so_far: int) -> None:
        if so_far != self._changes:  # While this look was on its way.
            return
        now = self._time.now()
        self._due = {at for at in self._due if at > now}
        change = asyncio.get_running_loop().create_future()
        self._waiting.append(change)
        await asyncio.wait([change], timeout=min(self._due | {over}) - now)

    def _changed(self, arguments: dict[str, Any], answer: dict[str, Any]) -> None:
        """Note when what was asked for or given away may be had again; who waits looks again unless nothing came."""
        asked = [arguments, *arguments.get("Entries", ())]
        if "WaitTimeSeconds" in arguments and not answer.get("Messages"):
            return
        self._due |= {self._time.now() + one.get("VisibilityTimeout", math.inf) for one in asked} - {math.inf}
        self._changes += 1
        for waiting in self._waiting:
            if not waiting.done():
                waiting.set_result(None)
        self._waiting.clear()

    async def _forgotten(self, key: tuple[str, str]) -> None:
        """Let ElasticMQ forget what is five minutes old."""
        now = self._time.now()
        if now - self._seen.get(key, -math.inf) >= _DEDUPLICATED and key in self._seen:
            self._clock.set(now + _TICK)
            await asyncio.get_running_loop().run_in_executor(None, time.sleep, _ITS_ROUND)
            del self._seen[key]
        self._seen.setdefault(key, now)


class SqsQueues:
    """Makes queues as they are deployed, each under a name that no other test uses."""

    def __init__(self, far: Afar, clock: Clock) -> None:
        self._far, self._client = far, SqsInTime(far, clock)
        self._home = next(_numbers)
        self._urls: dict[str, str] = {}

    def __call__(self, name: str, dead: str | None = None) -> SqsQueue:
        """Return the queue *name*, whose dead letters go to the queue *dead*."""
        return SqsQueue(self._client, self._url(name, dead), RandomIds())  # type: ignore[arg-type]

    def _url(self, name: str, dead: str | None = None) -> str:
        if name not in self._urls:
            more = {} if dead is None else {"RedrivePolicy": self._redrive(dead)}
            named = f"{name}-{self._home}.fifo"
            self._urls[name] = self._far.call("create_queue", QueueName=named, Attributes=_AMONG | more)["QueueUrl"]
        return self._urls[name]

    def _redrive(self, dead: str) -> str:
        found = self._far.call("get_queue_attributes", QueueUrl=self._url(dead), AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": found["Attributes"]["QueueArn"], "maxReceiveCount": _MOST}
        return msgspec.json.encode(policy).decode()


def made(request: pytest.FixtureRequest) -> SqsQueues:
    """Return what makes the queues of a home that was never used."""
    server: TimedElasticMq = request.getfixturevalue("timed_elasticmq")
    clients: Callable[[str, Endpoint], Afar] = request.getfixturevalue("clients")
    clock = Clock(server.file)
    clock.set(LoopClock().start)
    return SqsQueues(clients("sqs", server), clock)
