"""An erasure whose job went to the dead letters, in a stack whose processes never start by themselves."""

from __future__ import annotations

import pytest

from runtime.protocol import server
from tests.lambdas.client import Page
from tests.lambdas.stack import Ground, Stack, deployed
from tests.parts.event_source import event_source
from tests.parts.events import event
from tests.parts.given import client

pytestmark = pytest.mark.real


async def lose(stack: Stack, queue: str) -> None:
    """Take a message of *queue* that nobody will see again."""
    url = stack.values[f"{queue}_queue_url"]
    async with client("sqs", stack.ground.elasticmq) as sqs:
        (lost,) = (await sqs.receive_message(QueueUrl=url))["Messages"]
        await sqs.delete_message(QueueUrl=url, ReceiptHandle=lost["ReceiptHandle"])


async def test_it_is_taken_up_again_when_the_schedule_says_so(ground: Ground) -> None:
    async with deployed(ground) as stack:
        await (await stack.function("index")).invoke({})
        page = Page(stack)
        await page.open()
        await page.say("actions", "erase", confirm="ana")
        await lose(stack, "background")

        background = await stack.function("background")
        await background.invoke(event("scheduled"))
        async with event_source(ground.elasticmq, stack.values["background_queue_url"], background) as settled:
            while not page.frames:
                await settled.get()

        (erased,) = page.frames
        assert isinstance(erased, server.Erased)
        assert erased.verified
