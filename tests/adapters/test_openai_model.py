"""The OpenAI adapter over real HTTP: the servers' dialects, and everything that a broken one sends."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing

import aiohttp
import pytest

from runtime.adapters.openai.model import OpenAiModel
from runtime.conversation import Prompt, Usage
from runtime.errors import Failure, NotOffered, Unavailable
from tests.adapters import chat_server
from tests.adapters.chat_server import asking, chunk, refuses, says, sends, stream, torn, unless

SECRET = "the badger sings at midnight"


def prompt(**changes: object) -> Prompt:
    return Prompt("be kind", (), (), SECRET, 1_763_733_900.0, **changes)  # type: ignore[arg-type]


async def answer(model: OpenAiModel, **changes: object) -> tuple[str, Usage]:
    items = [item async for item in model.stream(prompt(**changes))]
    assert isinstance(items[-1], Usage)
    return "".join(item for item in items[:-1] if isinstance(item, str)), items[-1]


async def failure(model: OpenAiModel) -> tuple[str, Failure]:
    """Return what came before the failure, and the failure, which must not tell what was said."""
    said: list[str] = []
    with pytest.raises(Failure, match=rf"^(?!.*{SECRET})") as caught:
        await _collect(model, said)
    return "".join(said), caught.value


async def _collect(model: OpenAiModel, said: list[str]) -> None:
    async for item in model.stream(prompt()):
        said.append(str(item))  # noqa: PERF401 - a comprehension would lose what came before the failure.


async def test_pieces_come_as_they_are_sent_and_the_servers_own_count_comes_last() -> None:
    async with asking(says("Good ", "morning", ".")) as (model, _):
        items = [item async for item in model.stream(prompt())]

    assert items == ["Good ", "morning", ".", Usage(7, 3)]


async def test_the_request_asks_for_a_stream_with_usage_and_a_limit_and_no_tools() -> None:
    async with asking(says("Yes.")) as (model, server):
        await answer(model, limit=120)

    asked = server.requests[0]
    assert asked.pop("messages")[-1] == {"role": "user", "content": SECRET}
    assert asked == {"model": "tiny", "stream": True, "max_tokens": 120, "stream_options": {"include_usage": True}}


async def test_all_that_the_system_says_is_one_message_at_the_start() -> None:
    async with asking(says("Yes.")) as (model, server):
        await answer(model)

    roles = [message["role"] for message in server.requests[0]["messages"]]
    assert roles == ["system", "user"]
    assert server.requests[0]["messages"][0]["content"].startswith("be kind\n\nToday is ")


async def test_the_key_goes_into_its_header_without_the_line_end_of_its_file() -> None:
    async with asking(says("Yes."), key="sesame\n") as (model, server):
        await answer(model)

    assert server.headers[0]["Authorization"] == "Bearer sesame"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
async def test_bytes_may_split_anywhere_even_inside_a_character(size: int) -> None:
    async with asking(sends(*torn(stream("Grüße ", "aus 東京 ", "🦡🏡", "!"), size))) as (model, _):
        said, usage = await answer(model)

    assert (said, usage) == ("Grüße aus 東京 🦡🏡!", Usage(7, 3))


async def test_comments_crlf_empty_deltas_and_strange_fields_are_passed_over() -> None:
    noise = b": ping\r\n\r\nevent: message\r\nid: 4\r\nretry: 10\r\n\r\n" + chunk() + chunk(content=None, tool="x")
    body = (noise + stream("Yes.")).replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    async with asking(sends(body)) as (model, _):
        said, _usage = await answer(model)

    assert said == "Yes."


async def test_reasoning_beside_the_content_is_not_shown() -> None:
    thoughts = chunk(reasoning_content="The user greets.") + chunk(reasoning="So I greet.")
    async with asking(sends(thoughts + stream("Hello."))) as (model, _):
        assert (await answer(model))[0] == "Hello."


async def test_thoughts_inside_the_content_are_not_shown_however_they_are_cut() -> None:
    raw = "<think>The user > me. </thin\n</think>\n\nIt is 1 < 2, <b>they</b> say.<THINK>Enough?</THINK> Yes <"
    async with asking(*(says(*(raw[at : at + size] for at in range(0, len(raw), size))) for size in range(1, 9))) as (
        model,
        _,
    ):
        answers = {(await answer(model))[0] for _ in range(8)}

    assert answers == {"It is 1 < 2, <b>they</b> say. Yes <"}


async def test_usage_is_estimated_where_the_server_never_sends_it() -> None:
    async with asking(says("Twelve chars", usage=None)) as (model, _):
        _said, usage = await answer(model)

    assert usage.output_tokens == 3
    assert usage.input_tokens > 10


async def test_a_server_that_refuses_stream_options_is_asked_once_more_without_and_never_again_with() -> None:
    picky = unless("stream_options", '{"error": "unknown field"}', says("Yes."))
    async with asking(picky) as (model, server):
        assert [(await answer(model))[0] for _ in range(2)] == ["Yes.", "Yes."]

    assert ["stream_options" in request for request in server.requests] == [True, False, False]


async def test_a_server_that_renamed_the_limit_gets_the_new_name() -> None:
    picky = unless("max_tokens", "use 'max_completion_tokens' instead", says("Yes."))
    async with asking(picky) as (model, server):
        await answer(model, limit=99)

    assert server.requests[-1]["max_completion_tokens"] == 99
    assert "stream_options" in server.requests[-1]


@pytest.mark.parametrize(
    ("status", "advice"),
    [
        (400, "context"),
        (401, "key"),
        (402, "paid"),
        (403, "key"),
        (404, "the server has the model"),
        (307, "address"),
        (418, "address"),
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


HALF = chunk(role="assistant") + chunk(content="Half ") + chunk(content="a ")


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
    assert "address" in refused.message


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
async def test_a_stream_by_another_name_is_taken_for_what_it_is(kind: str) -> None:
    async with asking(sends(stream("Yes."), kind=kind)) as (model, _):
        assert (await answer(model))[0] == "Yes."


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


async def test_a_listener_may_take_longer_than_the_server() -> None:
    async with asking(says("One ", "two ", "three."), between=1.0) as (model, _):
        said = []
        async for item in model.stream(prompt()):
            said.append(item)
            await asyncio.sleep(30)

    assert said == ["One ", "two ", "three.", Usage(7, 3)]


@pytest.mark.parametrize("then", ["end", "silence", "reset"])
async def test_a_text_that_is_whole_needs_no_proper_end_of_its_stream(then: chat_server.End) -> None:
    async with asking(sends(stream("Yes.", usage=None, done=False), then=then)) as (model, _):
        assert (await answer(model))[0] == "Yes."


async def test_done_alone_ends_an_answer() -> None:
    async with asking(says("Yes.", finish=None, usage=None)) as (model, _):
        assert (await answer(model))[0] == "Yes."


async def test_closing_the_iterator_closes_the_connection() -> None:
    async with asking(sends(HALF, then="silence")) as (model, server):
        async with aclosing(model.stream(prompt())) as pieces:
            assert await anext(pieces) == "Half "

        await server.left.wait()


async def test_cancelling_the_listener_closes_the_connection() -> None:
    async with asking(chat_server.hesitates) as (model, server):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await answer(model)

        await server.left.wait()


async def test_two_answers_share_one_connection() -> None:
    async with asking(says("One."), says("Two.")) as (model, server):
        assert [(await answer(model))[0], (await answer(model))[0]] == ["One.", "Two."]

    assert len(server.connections) == 1


async def test_a_server_that_ignores_the_limit_is_cut_off() -> None:
    async with asking(sends(*torn(stream(*["blah " * 100] * 50), 4096), then="silence")) as (model, server):
        said, _usage = await answer(model, limit=10)
        await server.left.wait()

    assert len(said) == 160


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


@pytest.mark.parametrize(
    ("answered", "pieces", "rest"),
    [
        ("I like tea.", ["And", " cake."], " And cake."),
        ("I like tea. ", ["And cake."], "And cake."),
        ("I like tea", [", and cake."], ", and cake."),
        ("I like tea. It is warm.", ["I like", " tea. It is", " warm. And cake."], " And cake."),
        ("I like tea. It is so warm.", ["It is so", " warm. And", " cake."], " And cake."),
        ("I like tea.", ["I like", " cake."], " I like cake."),
        ("I like warm tea", ["I like warm teaspoons."], " I like warm teaspoons."),
        ("I like warm tea.", ["I like warm tea."], ""),
        ("I like tea.", [], ""),
        ("お茶が好きです。", ["ケーキも。"], "ケーキも。"),
    ],
)
async def test_a_continuation_goes_on_after_what_was_said(answered: str, pieces: list[str], rest: str) -> None:
    async with asking(says(*pieces)) as (model, server):
        assert (await answer(model, answered=answered))[0] == rest

    assert [message["role"] for message in server.requests[0]["messages"]] == ["system", "user", "assistant", "user"]


async def test_nothing_that_was_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with asking(refuses(500, json.dumps({"error": SECRET})), sends(HALF, then="reset")) as (model, _):
        await failure(model)
        await failure(model)

    assert SECRET not in caplog.text
