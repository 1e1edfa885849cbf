"""What is said to a deployed stack, and how its memory is waited for."""

from __future__ import annotations

import asyncio

from runtime.protocol import server
from tests.deployed.rights import TOKEN
from tests.deployed.stack import Stack, of_role
from tests.runtime.talking import Client

SAID = "My sister is called Ada."
ANSWER = ("What a lovely name. ", "Tell me about her.")
_PATIENCE_S = 240


async def answered(client: Client, text: str) -> None:
    """Have *text* answered, and say it again to one that is too busy: on a machine with much else to do, turns age."""
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            await client.turn(text)
            if isinstance(server.decode(client.received[-1]), server.Done):
                return


async def remembered(client: Client) -> None:
    """Wait until what was said is among what is remembered."""
    async with asyncio.timeout(_PATIENCE_S):
        while SAID not in {one.text for one in (await client.ask("memories", query="sister")).records}:
            continue


def asked_of_the_model(stack: Stack) -> list[str]:
    """Return what the worker last asked the model with: what was said before, and what it said."""
    worker = of_role(stack.account, "worker").role
    *_, last = (call for call in stack.wire.of("ConverseStream") if call.headers[TOKEN] == worker)
    return [str(message["content"][0]["text"]) for message in last.arguments["messages"]]


async def erased(client: Client, user: str) -> server.Erased:
    """Have *user* erased."""
    await client.say("erase", confirm=user)
    told: server.Erased = await client.until(server.Erased)
    return told
