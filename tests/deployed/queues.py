"""Deployed queues, made again on a queue server that redelivers as SQS does, and what feeds functions from them."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from tests.deployed.account import Deployed, Feed
from tests.deployed.unacceptable import Unacceptable
from tests.parts.endpoint import Endpoint
from tests.parts.event_source import event_source
from tests.parts.gateway import Invoked
from tests.parts.given import client

_KEPT = (
    *("FifoQueue", "DeduplicationScope", "FifoThroughputLimit", "ContentBasedDeduplication"),
    *("VisibilityTimeout", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds"),
)


async def mirror(queues: Mapping[str, Mapping[str, str]], server: Endpoint) -> dict[str, str]:
    """Make *queues* (attributes by name) on *server*; return the URL that each has there."""
    urls: dict[str, str] = {}
    async with client("sqs", server) as sqs:
        for name in sorted(queues, key=lambda name: "RedrivePolicy" in queues[name]):
            attributes = {key: queues[name][key] for key in _KEPT if key in queues[name]}
            if "RedrivePolicy" in queues[name]:
                attributes["RedrivePolicy"] = await _redrive(sqs, json.loads(queues[name]["RedrivePolicy"]), urls)
            urls[name] = (await sqs.create_queue(QueueName=name, Attributes=attributes))["QueueUrl"]
    return urls


async def _redrive(sqs: Any, policy: Mapping[str, Any], urls: Mapping[str, str]) -> str:  # noqa: ANN401 - a client
    dead = urls[policy["deadLetterTargetArn"].rpartition(":")[2]]
    told = await sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])
    most = int(policy["maxReceiveCount"])
    return json.dumps({"deadLetterTargetArn": told["Attributes"]["QueueArn"], "maxReceiveCount": most})


def check(feed: Feed, queue: Mapping[str, str], function: Deployed) -> None:
    """Refuse what CreateEventSourceMapping refuses of *feed*."""
    if int(queue["VisibilityTimeout"]) < function.seconds:
        raise Unacceptable(f"{feed.queue} shows messages again before {function.name} has to be done with them")
    if queue.get("FifoQueue") == "true" and not 1 <= feed.size <= 10:
        raise Unacceptable(f"{feed.queue} is FIFO: a batch has 1 to 10 messages, not {feed.size}")
    if not 2 <= feed.at_once <= 1000:
        raise Unacceptable(f"{feed.function} is called 2 to 1000 times at once, not {feed.at_once}")


@asynccontextmanager
async def feeding(feeds: Mapping[Feed, Invoked], urls: Mapping[str, str], server: Endpoint) -> AsyncIterator[None]:
    """Feed functions from the queues on *server* until the block ends."""
    async with AsyncExitStack() as stack:
        for feed, function in feeds.items():
            taken = event_source(
                server, urls[feed.queue], function, batch_size=feed.size, concurrency=feed.at_once, reports=feed.reports
            )
            await stack.enter_async_context(taken)
        yield
