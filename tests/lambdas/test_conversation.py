"""A whole conversation as it is deployed: each function a process of its own, real SDKs, real queues and stores."""

from __future__ import annotations

import pytest

from runtime.jobs import TurnJob
from runtime.protocol import server
from tests.lambdas.client import Page
from tests.lambdas.stack import Ground, deployed
from tests.parts.events import batch
from tests.parts.wire import Converse, says
from tests.runtime.home import ONE, texts

pytestmark = pytest.mark.real
SAID = "My sister is called Ada."
PIECES = ["What a ", "lovely name. ", "Tell me about Ada."]


async def test_what_is_said_is_answered_and_remembered(ground: Ground) -> None:
    async with deployed(ground, Converse(says(*PIECES))) as stack:
        await (await stack.function("index")).invoke({})
        page = Page(stack)
        assert await page.open() == {"statusCode": 200, "headers": {"Sec-WebSocket-Protocol": "companion.v1"}}

        await page.say("turn", "send", turn=ONE, text=SAID)
        await stack.work("worker", "turn")
        await stack.work("background", "background")
        await page.say("actions", "memories", query="sister")

        accepted, *answer, done, memories = page.frames
        assert isinstance(accepted, server.Accepted)
        assert isinstance(done, server.Done)
        assert isinstance(memories, server.Memories)
        assert texts(answer) == "".join(PIECES)
        assert SAID in {record.text for record in memories.records}


async def test_a_turn_that_nobody_could_answer_ends_with_a_word_about_it(ground: Ground) -> None:
    async with deployed(ground) as stack:
        page = Page(stack)
        await page.open()
        await page.say("turn", "send", turn=ONE, text=SAID)

        dead = batch(TurnJob("ana", ONE, 1).message().body, MessageDeduplicationId=f"{ONE}:1")
        answer = await (await stack.function("dead_letters")).invoke(dead)

        assert answer == {"batchItemFailures": []}
        assert [type(frame) for frame in page.frames] == [server.Accepted, server.Error]


async def test_a_page_that_comes_back_gets_what_it_missed(ground: Ground) -> None:
    async with deployed(ground, Converse(says(*PIECES))) as stack:
        await (await stack.function("index")).invoke({})
        lost = Page(stack)
        await lost.open()
        await lost.say("turn", "send", turn=ONE, text=SAID)
        stack.api.close(lost.connection)
        await stack.work("worker", "turn")

        page = Page(stack, connection="back=")
        await page.open()
        await page.say("actions", "resume", turn=ONE, after=-1)

        assert [type(frame) for frame in lost.frames] == [server.Accepted]
        assert texts(page.frames) == "".join(PIECES)
        assert isinstance(page.frames[-1], server.Done)
