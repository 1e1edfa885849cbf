"""The OpenAI adapter over real HTTP: everything that a server can do wrong, in time and in words."""

from __future__ import annotations

import asyncio
import json
from random import Random

import aiohttp
import pytest

from runtime.adapters.openai.model import OpenAiModel
from runtime.errors import NotOffered, Unavailable
from runtime.resilience import Patience, SteadyModel
from tests.adapters import chat_server
from tests.adapters.chat_server import asking, chunk, refuses, says, sends, torn
from tests.adapters.listening import HALF, SECRET, failure, prompt


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "context"),
        (401, "OPENAI_API_KEY"),
        (402, "paid"),
        (403, "OPENAI_API_KEY and MODEL"),
        (404, "MODEL"),
        (307, "OPENAI_BASE_URL"),
        (418, "OPENAI_BASE_URL"),
    ],
)
async def test_what_trying_again_will_not_mend_says_which_setting_to_check(status: int, advice: str) -> None:
    async with asking(refuses(status, f'{{"error": "{SECRET}"}}', Location="/elsewhere")) as (model, _):
        said, refused = await failure(model)

    assert said == ""
    assert isinstance(refused, NotOffered)
    assert advice in refused.message


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 529, 599])
async def test_a_server_in_trouble_is_unavailable(status: int) -> None:
    async with asking(refuses(status, SECRET, **{"Retry-After": "7"})) as (model, _):
        said, unavailable = await failure(model)

    assert said == ""
    assert isinstance(unavailable, Unavailable)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "Sat, 21 Nov 2026 13:00:30 GMT", "Date": "Sat, 21 Nov 2026 13:00:00 GMT"}, 30.0),
        ({"Retry-After": "Sat, 21 Nov 2026 13:00:00 GMT", "Date": "Sat, 21 Nov 2026 13:00:30 GMT"}, 0.0),
        ({"Retry-After": "Sat, 21 Nov 2026 13:00:30 -0000", "Date": "Sat, 21 Nov 2026 13:00:00 GMT"}, 0.0),
        ({"Retry-After": "soon"}, 0.0),
        ({"Retry-After": "-7"}, 0.0),
        ({}, 0.0),
    ],
)
async def test_a_server_may_say_how_long_it_wants_to_be_left_alone(headers: dict[str, str], seconds: float) -> None:
    async with asking(refuses(429, SECRET, **headers)) as (model, _):
        _said, unavailable = await failure(model)

    assert isinstance(unavailable, Unavailable)
    assert unavailable.after == seconds


@pytest.mark.parametrize(("after", "asked", "seconds"), [("5", 2, 5.0), ("9", 1, 0.0)])
async def test_a_server_is_left_alone_while_its_first_token_can_still_be_in_time(
    after: str, asked: int, seconds: float
) -> None:
    refusing = refuses(503, **{"Retry-After": after})
    async with asking(refusing, refusing, says("Yes.")) as (model, server):
        steady, started = SteadyModel(model, Patience(), Random(1)), asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await anext(steady.stream(prompt()))
        took = asyncio.get_running_loop().time() - started

    assert len(server.requests) == asked
    assert took == pytest.approx(seconds)


async def test_nobody_listening_at_the_address_is_unavailable() -> None:
    async with chat_server.serving(says("Yes.")) as server:
        address = server.url
    async with aiohttp.ClientSession() as session:
        _said, unavailable = await failure(OpenAiModel(session, address, "tiny"))

    assert isinstance(unavailable, Unavailable)


@pytest.mark.parametrize("address", ["localhost:11434", "http://", "ftp://example.org/v1", "http://[::1/v1"])
async def test_an_address_that_is_no_url_says_so(address: str) -> None:
    async with aiohttp.ClientSession() as session:
        _said, refused = await failure(OpenAiModel(session, address, "tiny"))

    assert isinstance(refused, NotOffered)


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(sends(HALF, then="reset"), id="reset"),
        pytest.param(sends(HALF), id="ended without an end"),
        pytest.param(sends(HALF + chunk(content="frame")[:-9]), id="ended in a frame"),
        pytest.param(sends(HALF + b"data: {not json}\n\n"), id="not json"),
        pytest.param(sends(HALF + b'data: {"choices": 7}\n\n'), id="not a completion"),
        pytest.param(sends(HALF + b'data: {"choices": [{"delta": {"content": "\xff\xfe"}}]}\n\n'), id="not utf-8"),
        pytest.param(sends(HALF + b'data: {"error": {"message": "' + SECRET.encode() + b'"}}\n\n'), id="error event"),
        pytest.param(sends(HALF + b'error: {"message": "' + SECRET.encode() + b'"}\n\n'), id="error line"),
        pytest.param(sends(HALF, then="silence"), id="silence"),
        pytest.param(sends(HALF, *torn(b"data: " + b"x" * 300_000, 60_000), then="silence"), id="endless line"),
    ],
)
async def test_a_stream_that_breaks_says_what_it_has_and_is_unavailable(broken: chat_server.Answer) -> None:
    async with asking(broken) as (model, _):
        said, unavailable = await failure(model)

    assert said == "Half a "
    assert isinstance(unavailable, Unavailable)


@pytest.mark.parametrize("kind", ["text/html", "application/json; charset=utf-8"])
async def test_a_page_instead_of_a_stream_points_at_the_address(kind: str) -> None:
    async with asking(sends(b"<html>Welcome!</html>", kind=kind)) as (model, _):
        _said, refused = await failure(model)

    assert isinstance(refused, NotOffered)
    assert "OPENAI_BASE_URL" in refused.message


@pytest.mark.parametrize(
    "mute",
    [chat_server.hesitates, sends(then="silence"), sends(chunk(role="assistant"), b": ping\n\n", then="silence")],
    ids=["slow headers", "no first byte", "no first token"],
)
async def test_the_first_token_has_a_deadline_from_the_asking_on(mute: chat_server.Answer) -> None:
    async with asking(mute, first=8.0) as (model, server):
        started = asyncio.get_running_loop().time()
        _said, unavailable = await failure(model)
        took = asyncio.get_running_loop().time() - started
        await server.left.wait()

    assert isinstance(unavailable, Unavailable)
    assert took == pytest.approx(8.0)


async def test_later_tokens_have_a_deadline_from_the_one_before() -> None:
    async with asking(sends(HALF, then="silence"), first=8.0, between=3.0) as (model, _):
        started = asyncio.get_running_loop().time()
        await failure(model)

        assert asyncio.get_running_loop().time() - started == pytest.approx(3.0)


async def test_a_model_that_only_thinks_says_what_to_do() -> None:
    async with asking(says("<think>Hm. ", "Let me see", finish="length")) as (model, _):
        said, refused = await failure(model)

    assert said == ""
    assert isinstance(refused, NotOffered)
    assert "thinking" in refused.message


async def test_an_answer_without_a_word_is_unavailable() -> None:
    async with asking(says("", " ")) as (model, _):
        said, unavailable = await failure(model)

    assert said == ""
    assert isinstance(unavailable, Unavailable)


async def test_nothing_that_was_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with asking(refuses(500, json.dumps({"error": SECRET})), sends(HALF, then="reset")) as (model, _):
        await failure(model)
        await failure(model)

    assert SECRET not in caplog.text
