"""What was deployed is talked to by the client that talks to a laptop; at the end of each test IAM judges its calls."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import aiohttp
import pytest

from runtime.protocol import server
from tests.deployed import rights
from tests.deployed.stack import Ground, Stack, deployed
from tests.deployed.talk import ANSWER, SAID, answered, asked_of_the_model, erased, remembered
from tests.parts.wire import Converse, says
from tests.runtime.talking import Client

pytestmark = pytest.mark.real


async def refused(stack: Stack, token: str, **headers: str) -> int:
    """Return the status with which a handshake is refused."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as told:
        async with stack.client(token, **headers):
            pass
    return told.value.status


async def sent(client: Client) -> server.Accepted | server.Busy:
    """Send a turn and wait for what the door says of it."""
    await client.say("send", turn=str(uuid4()), text=SAID)
    while not isinstance(frame := await client.next(), server.Accepted | server.Busy):
        continue
    return frame


async def test_only_who_signed_in_comes_in_and_only_by_the_front_door(ground: Ground) -> None:
    async with deployed(ground) as stack:
        ana = await stack.pool.sign_in()

        assert await refused(stack, "") == 401
        assert await refused(stack, f"{ana.token[:-8]}forgedby") == 401
        assert await refused(stack, ana.token, **{"x-api-key": "made up"}) == 403
        async with stack.client(ana.token) as client:
            heard = await client.ask("listen", rate=16000, language="en-US")
            assert rights.refusals([rights.of_address(heard.url)], stack.account) == []


async def test_what_is_said_is_answered_remembered_and_erased(ground: Ground) -> None:
    async with deployed(ground, Converse(says(*ANSWER))) as stack:
        ana = await stack.pool.sign_in()
        async with stack.client(ana.token) as client:
            await answered(client, SAID)
            await remembered(client)
            await answered(client, "What is my sister called?")
            manifest = await erased(client, ana.id)
            await stack.ring("background")

            assert asked_of_the_model(stack)[:2] == [SAID, "".join(ANSWER)]
            assert manifest.verified
            assert (await client.ask("memories", query="sister")).records == []


async def test_who_interrupts_is_heard_and_who_floods_it_is_told_so(ground: Ground) -> None:
    async with deployed(ground, Converse(says(*ANSWER, asyncio.Event()))) as stack:
        ana, bob = await stack.pool.sign_in("ana"), await stack.pool.sign_in("bob")
        async with stack.client(ana.token) as client, stack.client(bob.token) as flooding:
            turn = (await sent(client)).turn
            await client.until(server.Text)
            await client.say("interrupt", turn=turn)
            said = [await sent(flooding) for _ in range(7)]

            assert (await client.until(server.Done)).stopped
            assert [isinstance(one, server.Busy) for one in said] == [False] * 6 + [True]
