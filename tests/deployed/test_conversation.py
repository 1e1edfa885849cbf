"""What was deployed is talked to by the client that talks to a laptop; at the end of each test IAM judges its calls."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import aiohttp
import pytest

from runtime.protocol import server
from tests.deployed import rights, services
from tests.deployed.stack import Ground, Stack, deployed
from tests.deployed.talk import ANSWER, SAID, converse
from tests.parts.wire import Converse, SageMaker, sagemaker, says
from tests.runtime.talking import Client

pytestmark = pytest.mark.real
TOO_LONG = 21.0  # Seconds: a turn that is older than 20 is not answered any more.


async def refused(stack: Stack, token: str, **headers: str) -> int:
    """Return the status with which a handshake is refused."""
    with pytest.raises(aiohttp.WSServerHandshakeError) as told:
        async with stack.client(token, **headers):
            pass
    return told.value.status


async def sent(client: Client) -> server.Accepted | server.Busy:
    """Send a turn and wait for what the door says of it."""
    turn = str(uuid4())
    await client.say("send", turn=turn, text=SAID)
    while not (isinstance(frame := await client.next(), server.Accepted | server.Busy) and frame.turn == turn):
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
        told, manifest = await converse(stack)

    assert told[:2] == [SAID, "".join(ANSWER)]
    assert manifest.verified


async def test_tasks_that_ask_a_model_on_sagemaker_converse_as_functions_do(with_tasks: Ground) -> None:
    model = SageMaker(sagemaker.openai(*ANSWER), name=await services.endpoint(with_tasks.emulator))
    async with deployed(with_tasks, model) as stack:
        told, manifest = await converse(stack)

    assert told[:2] == [SAID, "".join(ANSWER)]
    assert manifest.verified


async def test_who_interrupts_is_heard_and_who_floods_it_or_waited_too_long_is_told_so(ground: Ground) -> None:
    hold = asyncio.Event()
    async with deployed(ground, Converse(says(*ANSWER, hold))) as stack:
        ana, bob = await stack.pool.sign_in("ana"), await stack.pool.sign_in("bob")
        async with stack.client(ana.token) as client, stack.client(bob.token) as flooding:
            turn = (await sent(client)).turn
            await client.until(server.Text)
            await client.say("interrupt", turn=turn)
            said = [await sent(flooding) for _ in range(7)]
            interrupted = await client.until(server.Done)
            stack.clock.forward(TOO_LONG)
            hold.set()

            assert interrupted.stopped
            assert [isinstance(one, server.Busy) for one in said] == [False] * 6 + [True]
            assert (await flooding.until(server.Busy)).turn in {one.turn for one in said[:6]}
