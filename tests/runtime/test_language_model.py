"""A home whose answers come from an OpenAI-compatible server: real sockets from end to end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from runtime.bootstrap import local
from runtime.protocol import server
from runtime.server import edge
from runtime.server.process import working
from runtime.settings.laptop import Settings
from tests.adapters.chat_server import Answer, ChatServer, refuses, says, serving
from tests.runtime.talking import Talking

pytestmark = pytest.mark.real


@asynccontextmanager
async def connected(data: Path, *answers: Answer) -> AsyncIterator[tuple[Talking, ChatServer]]:
    async with serving(*answers) as chat:
        settings = Settings(port=0, data=data, openai_base_url=chat.url, model="llama3.2", hands=10)
        async with (
            local(settings) as app,
            edge.listening(app) as address,
            working(app),
            aiohttp.ClientSession() as session,
        ):
            yield Talking(app, address, session), chat
            await app.connections.close_all()


async def test_a_language_model_is_asked_with_what_was_said_before(tmp_path: Path) -> None:
    async with (
        connected(tmp_path, says("Oslo is", " lovely. "), says("In Oslo.")) as (home, chat),
        home.client() as ana,
    ):
        await ana.turn("My sister Maya moved to Oslo.")
        turn = await ana.turn("Where does my sister live?")

    texts = [frame.delta for frame in map(server.decode, ana.durable(turn)) if isinstance(frame, server.Text)]
    assert "".join(texts) == "In Oslo."
    asked = [[message["content"] for message in request["messages"]] for request in chat.requests]
    assert ["My sister Maya moved to Oslo.", "Oslo is lovely.", "Where does my sister live?"] in [
        contents[-3:] for contents in asked
    ]


async def test_a_model_that_refuses_says_which_setting_is_wrong(tmp_path: Path) -> None:
    async with connected(tmp_path, refuses(401)) as (home, _), home.client() as ana:
        await ana.say("send", turn="00000000-0000-4000-8000-000000000001", text="Hello")
        error = await ana.until(server.Error)

    assert error.code == "unavailable"
    assert "OPENAI_API_KEY" in error.message


async def test_connections_to_the_model_are_kept(tmp_path: Path) -> None:
    async with connected(tmp_path, says("Hello."), says("Hello again.")) as (home, chat), home.client() as ana:
        for text in ("Hi", "Hi again", "And again"):
            await ana.turn(text)

    # Facts are found beside the answers, so two may be asked for at once.
    assert len(chat.connections) <= 2 < len(chat.requests)
