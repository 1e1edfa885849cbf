"""The OpenAI adapter over real HTTP: how servers differ, what of their text is shown, and how a listener leaves."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

import pytest

from runtime.completion import ChatCompletion
from runtime.conversation import Usage
from runtime.errors import NotOffered
from tests.adapters import chat_server
from tests.adapters.chat_server import asking, chunk, says, sends, stream, torn, unless
from tests.adapters.listening import HALF, SECRET, answer, failure, prompt


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


@pytest.mark.parametrize(
    ("escaped", "meant"),
    [
        (rb"a\ud83db", "a\ufffdb"),
        (rb"a\uDE00", "a\ufffd"),
        (rb"\ud83d\u0041", "\ufffdA"),
        (rb"\ud83d\ud83d\ude00\ude00", "\ufffd😀\ufffd"),
        (rb"\\ud83d \n\ud83d", "\\ud83d \n\ufffd"),
    ],
)
async def test_half_a_character_is_shown_as_one_that_cannot_be(escaped: bytes, meant: str) -> None:
    body = stream("Half: @!").replace(b"@", escaped)
    async with asking(sends(body)) as (model, _):
        assert (await answer(model))[0] == f"Half: {meant}!"


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


async def test_thoughts_that_the_servers_template_begins_are_shown_of_its_first_answer_at_most() -> None:
    thinking, more = says("Hm. ", "They greet.", "</think>", "Hello!"), says("Hm.</think>", "Hello ", "again!")
    async with asking(thinking, more, says("Hm. ", finish="length"), says("No thought.")) as (model, _):
        assert [(await answer(model))[0] for _ in range(2)] == ["Hm. They greet.Hello!", "Hello again!"]
        said, refused = await failure(model)
        assert (await answer(model))[0] == "No thought."

    assert said == ""
    assert isinstance(refused, NotOffered)


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


@pytest.mark.parametrize("kind", ["text/plain", "application/octet-stream"])
async def test_a_stream_by_another_name_is_taken_for_what_it_is(kind: str) -> None:
    async with asking(sends(stream("Yes."), kind=kind)) as (model, _):
        assert (await answer(model))[0] == "Yes."


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


async def test_after_its_limit_an_answer_says_nothing_more() -> None:
    completion = ChatCompletion(prompt(limit=1))

    said = [*completion.feed(chunk(content="x" * 20) + chunk(content="y" * 40)), *completion.end()]
    more = [*completion.feed(chunk(content="z")), *completion.end()]

    assert ("".join(said), more) == ("x" * 16, [])


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


async def test_an_answer_of_a_given_shape_is_asked_for_where_the_server_takes_that() -> None:
    picky = unless("response_format", '{"error": "unknown field"}', says("{}"))
    async with asking(picky, picky, picky) as (model, server):
        assert [(await answer(model, schema='{"type": "object"}'))[0] for _ in range(2)] == ["{}", "{}"]
        await answer(model)

    shape = {"name": "answer", "strict": True, "schema": {"type": "object"}}
    assert server.requests[0]["response_format"] == {"type": "json_schema", "json_schema": shape}
    assert ["response_format" in request for request in server.requests] == [True, False, False, False]
