"""What is said to a deployed stack, and how its memory is waited for."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

from runtime.protocol import server
from tests.deployed.rights import TOKEN
from tests.deployed.stack import Stack, worker
from tests.parts.wire import Call
from tests.runtime.talking import Client

SAID = "My sister is called Ada."
ANSWER = ("What a lovely name. ", "Tell me about her.")
_PATIENCE_S = 240
_BETWEEN_LOOKS_S = 0.25


async def answered(client: Client, text: str) -> None:
    """Have *text* answered, and say it again to one that is too busy: on a machine with much else to do, turns age.

    One that fails is asked three times.
    """
    failures = 0
    async with asyncio.timeout(_PATIENCE_S):
        while not isinstance(last := await _ended(client, text), server.Done):
            failures += isinstance(last, server.Error)
            assert failures < 3, last


async def _ended(client: Client, text: str) -> server.AnyFrame:
    await client.turn(text)
    return server.decode(client.received[-1])


async def remembered(client: Client) -> None:
    """Wait until what was said is among what is remembered."""
    async with asyncio.timeout(_PATIENCE_S):
        while SAID not in await _found(client):  # noqa: ASYNC110 - no frame tells.
            # What is to remember it starts on the same processor.
            await asyncio.sleep(_BETWEEN_LOOKS_S)


async def _found(client: Client) -> set[str]:
    return {one.text for one in (await client.ask("memories", query="sister")).records}


async def converse(stack: Stack) -> tuple[list[str], server.Erased]:
    """Have a conversation that is remembered and erased; return what the model was told of it, and what was erased."""
    ana = await stack.pool.sign_in()
    async with stack.client(ana.token) as client:
        await answered(client, SAID)
        await remembered(client)
        await answered(client, "What is my sister called?")
        manifest = await erased(client, ana.id)
        await stack.ring("background")

        assert (await client.ask("memories", query="sister")).records == []
    return asked_of_the_model(stack), manifest


def asked_of_the_model(stack: Stack) -> list[str]:
    """Return what the worker last asked the model with: what was said before, and what it said."""
    role = worker(stack.account).role
    *_, last = (call for call in _asking(stack) if call.headers[TOKEN] == role)
    if last.service == "sagemaker-runtime":
        messages = json.loads(last.arguments["Body"])["messages"]
        return [str(message["content"]) for message in messages if message["role"] != "system"]
    return [str(message["content"][0]["text"]) for message in last.arguments["messages"]]


def _asking(stack: Stack) -> Iterator[Call]:
    return (call for name in ("ConverseStream", "InvokeEndpointWithResponseStream") for call in stack.wire.of(name))


async def erased(client: Client, user: str) -> server.Erased:
    """Have *user* erased."""
    await client.say("erase", confirm=user)
    told: server.Erased = await client.until(server.Erased)
    return told
