"""Models on SageMaker endpoints, by the real SDK against a service whose parts end anywhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Any, Literal

import pytest

from runtime.adapters.aws.sagemaker import SageMakerModel
from runtime.conversation import Usage
from runtime.errors import Unavailable
from tests.adapters.listening import SECRET, answer, failure, prompt
from tests.adapters.on_aws import clients
from tests.parts.wire import Call, Failure, Refusal, SageMaker, Wire, faults, serving
from tests.parts.wire.faults import Answer
from tests.parts.wire.reply import Reply
from tests.parts.wire.sagemaker import Part, openai, parts, tgi

pytestmark = pytest.mark.real
SPEECHES = {"openai": openai, "tgi": tgi}


@asynccontextmanager
async def asking(
    *answers: Sequence[Part], speech: Literal["openai", "tgi"] = "openai"
) -> AsyncIterator[tuple[SageMakerModel, Wire]]:
    """Serve *answers* and open a model on them."""
    async with serving(SageMaker(*answers)) as wire, clients(wire) as opened:
        yield SageMakerModel(await opened.open("sagemaker-runtime"), "companion", speech), wire


def asked(wire: Wire) -> list[dict[str, Any]]:
    return [json.loads(call.body) for call in wire.calls]


def refuses(status: int, message: str) -> faults.Fault:
    """Refuse as a container does, through the service."""

    async def refused(_: Call, __: Answer) -> Reply:
        told = {"OriginalStatusCode": status, "OriginalMessage": message}
        raise Refusal("ModelError", f"Received client error from primary: {SECRET}", 424, told)

    return refused


@pytest.mark.parametrize("size", [1, 3, 64, 10_000])
@pytest.mark.parametrize("speech", ["openai", "tgi"])
async def test_parts_may_end_anywhere_even_inside_a_character(speech: Literal["openai", "tgi"], size: int) -> None:
    said = SPEECHES[speech]("Grüße ", "aus 東京 ", "🦡🏡", "!", size=size)
    async with asking(said, speech=speech) as (model, _):
        text, usage = await answer(model)

    assert text == "Grüße aus 東京 🦡🏡!"
    assert usage.output_tokens == 4


async def test_the_request_is_an_openai_servers_but_for_the_models_name() -> None:
    async with asking(openai("Yes.")) as (model, wire):
        await answer(model, limit=120)

    (request,) = asked(wire)
    assert request.pop("messages")[-1] == {"role": "user", "content": SECRET}
    assert request == {"stream": True, "max_tokens": 120, "stream_options": {"include_usage": True}}


async def test_a_text_generation_server_gets_the_conversation_as_a_script() -> None:
    async with asking(tgi("Yes."), speech="tgi") as (model, wire):
        await answer(model, limit=120)
        await answer(model, answered="I am well. ")

    first, second = asked(wire)
    assert first["inputs"].startswith("be kind\n\nToday is ")
    assert first["inputs"].endswith(f"\n\nUser: {SECRET}\n\nCompanion:")
    assert first["parameters"]["max_new_tokens"] == 120
    assert second["inputs"].endswith("\n\nCompanion: I am well.")


async def test_a_text_generation_server_stops_before_the_persons_next_line() -> None:
    async with asking(tgi("Yes.", "\n", "\nUs", "er: And", " then?"), speech="tgi") as (model, _):
        assert (await answer(model))[0].rstrip() == "Yes."


async def test_what_only_begins_like_the_persons_next_line_is_shown() -> None:
    async with asking(tgi("One\nU", "s", " two\nUse"), speech="tgi") as (model, _):
        assert (await answer(model))[0] == "One\nUs two\nUse"


async def test_lines_of_json_are_events_too() -> None:
    lines = b'{"token": {"text": "Yes"}}\n{"token": {"text": "."}, "details": {"finish_reason": "eos_token"}}\n'
    async with asking(parts(lines, 5), speech="tgi") as (model, _):
        assert (await answer(model))[0] == "Yes."


async def test_one_connection_serves_one_turn_after_the_other() -> None:
    async with asking(openai("Yes."), openai("No.")) as (model, wire):
        assert [(await answer(model))[0] for _ in range(2)] == ["Yes.", "No."]

        assert wire.connections("sagemaker-runtime") == 1


@pytest.mark.parametrize("speech", ["openai", "tgi"])
@pytest.mark.parametrize("name", faults.FAILURES)
async def test_whatever_breaks_is_unavailable_and_the_next_turn_is_answered(
    name: str, speech: Literal["openai", "tgi"]
) -> None:
    async with asking(SPEECHES[speech]("One ", "two ", "three."), speech=speech) as (model, wire):
        wire.fail(faults.FAILURES[name])
        said, broken = await failure(model)

        assert "One two three.".startswith(said)
        assert isinstance(broken, Unavailable)
        assert (await answer(model))[0] == "One two three."


@pytest.mark.parametrize("code", ["ModelStreamError", "InternalStreamFailure"])
async def test_an_exception_in_the_middle_of_an_answer_is_unavailable(code: str) -> None:
    half = openai("One ", size=1000)[0]
    async with asking([half[: half.index(b"\n\n") + 2], Failure(code, SECRET)]) as (model, _):
        said, broken = await failure(model)

    assert said == "One "
    assert isinstance(broken, Unavailable)


@pytest.mark.parametrize(
    "broken",
    [
        b'data:{"error": "out of memory", "error_type": "generation"}\n\n',
        b'{"token": {"text": ""}, "details": {"finish_reason": "error"}}\n',
        b"data:{not json}\n\n",
        b"data:7\n\n",
    ],
)
async def test_a_text_generation_server_that_breaks_off_is_unavailable(broken: bytes) -> None:
    async with asking([*parts(b'data:{"token": {"text": "One "}}\n\n', 9), broken], speech="tgi") as (model, _):
        said, failed = await failure(model)

    assert said == "One "
    assert isinstance(failed, Unavailable)


@pytest.mark.parametrize(("status", "passing"), [(500, True), (429, True), (413, False)])
async def test_a_container_in_trouble_is_told_from_one_that_refuses(status: int, *, passing: bool) -> None:
    async with asking(openai("Yes.")) as (model, wire):
        wire.fail(refuses(status, SECRET))

        assert isinstance((await failure(model))[1], Unavailable) is passing


async def test_a_container_that_refuses_a_field_is_asked_without_and_never_again_with() -> None:
    async with asking(openai("Yes.")) as (model, wire):
        wire.fail(refuses(422, "stream_options: extra fields not permitted"))
        assert [(await answer(model))[0] for _ in range(2)] == ["Yes.", "Yes."]

    assert ["stream_options" in request for request in asked(wire)] == [True, False, False]


async def test_a_container_that_refuses_whatever_it_is_asked_is_no_passing_failure() -> None:
    async with asking(openai("Yes.")) as (model, wire):
        for _ in range(2):
            wire.fail(refuses(400, "no"))

        assert not isinstance((await failure(model))[1], Unavailable)


async def test_thoughts_are_signs_of_life_and_never_shown() -> None:
    async with asking(openai("<think>", "hm", "</think>", "Yes.")) as (model, _):
        items = [item async for item in model.stream(prompt())]

    assert "".join(item for item in items if isinstance(item, str)) == "Yes."
    assert "" in items
    assert isinstance(items[-1], Usage)


async def test_closing_the_iterator_closes_the_connection() -> None:
    said = openai("Half ", size=10_000)[0]
    async with asking([said[:-90], asyncio.Event(), b"\n\n"]) as (model, wire):
        async with aclosing(model.stream(prompt())) as pieces:
            assert await anext(pieces) == "Half "

        await asyncio.wait_for(wire.calls[0].left.wait(), 60)
