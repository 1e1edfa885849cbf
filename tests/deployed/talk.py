"""What is said to a deployed stack, and how its memory is waited for."""

from __future__ import annotations

import asyncio

from runtime.protocol import server
from tests.deployed.stack import Stack
from tests.runtime.talking import Client

SAID = "My sister is called Ada."
ANSWER = ("What a lovely name. ", "Tell me about her.")
_PATIENCE_S = 240


async def remembered(client: Client) -> None:
    """Wait until what was said is among what is remembered."""
    async with asyncio.timeout(_PATIENCE_S):
        while SAID not in {one.text for one in (await client.ask("memories", query="sister")).records}:
            continue


def asked_of_the_model(stack: Stack) -> list[str]:
    """Return what the model was last asked with: what was said before, and what it said."""
    messages = stack.wire.of("ConverseStream")[-1].arguments["messages"]
    return [str(message["content"][0]["text"]) for message in messages]


async def erased(client: Client, user: str) -> server.Erased:
    """Have *user* erased."""
    await client.say("erase", confirm=user)
    told: server.Erased = await client.until(server.Erased)
    return told
