"""Models on Bedrock, by the real SDK against a service that speaks ConverseStream and breaks as it is told to."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

import pytest

from runtime.adapters.aws.bedrock import BedrockModel
from runtime.adapters.aws.clients import Limits
from runtime.conversation import Prompt, Usage
from runtime.errors import NotOffered, Unavailable
from runtime.resilience import Patience, SteadyModel
from tests.adapters.listening import SECRET, answer, failure, prompt
from tests.adapters.on_aws import clients
from tests.parts.wire import Call, Converse, Thought, Wire, faults, says, serving
from tests.parts.wire import Failure as Breaks
from tests.parts.wire.bedrock import Answer

pytestmark = pytest.mark.real
MODEL = "us.anthropic.claude-haiku-5-5"


@asynccontextmanager
async def asking(
    *answers: Answer | Callable[[Call], Answer], model: str = MODEL
) -> AsyncIterator[tuple[BedrockModel, Wire]]:
    """Serve *answers* and open a model on them."""
    async with serving(Converse(*answers)) as wire, clients(wire) as opened:
        yield BedrockModel(await opened.open("bedrock-runtime", Limits(read=60.0)), model), wire


async def test_pieces_come_as_they_are_sent_and_the_services_own_count_comes_last() -> None:
    async with asking(says("Good ", "morning", ".")) as (model, _):
        *said, usage = [item async for item in model.stream(prompt())]

    assert said == ["Good ", "morning", "."]
    assert isinstance(usage, Usage)
    assert usage.output_tokens == 4


async def test_tokens_of_a_cached_prefix_are_counted_too() -> None:
    async with asking(says("Yes.")) as (model, _):
        long = Prompt("be kind " * 400, (), (), "Hello?", 0.0)
        first, second = [[item async for item in model.stream(long)][-1] for _ in range(2)]

    assert first == second
    assert isinstance(first, Usage)
    assert first.input_tokens > 800


async def test_thoughts_are_signs_of_life_and_never_shown() -> None:
    async with asking(says(Thought("hm"), Thought("hm"), "Yes.")) as (model, _):
        *said, _usage = [item async for item in model.stream(prompt())]

    assert said == ["", "", "Yes."]


async def test_an_answer_of_nothing_but_thoughts_is_no_answer() -> None:
    async with asking(says(Thought("hm")), says(Thought("hm"), stop="max_tokens")) as (model, _):
        assert isinstance((await failure(model))[1], Unavailable)
        assert isinstance((await failure(model))[1], NotOffered)


async def test_one_connection_serves_one_turn_after_the_other() -> None:
    async with asking(says("Yes."), says("No.")) as (model, wire):
        assert [(await answer(model))[0] for _ in range(2)] == ["Yes.", "No."]

        assert wire.connections("bedrock-runtime") == 1


@pytest.mark.parametrize("name", faults.FAILURES)
async def test_whatever_breaks_is_unavailable_and_the_next_turn_is_answered(name: str) -> None:
    async with asking(says("One ", "two ", "three.")) as (model, wire):
        wire.fail(faults.FAILURES[name], of="ConverseStream")
        said, broken = await failure(model)

        assert "One two three.".startswith(said)
        assert isinstance(broken, Unavailable)
        assert (await answer(model))[0] == "One two three."


@pytest.mark.parametrize(
    "code",
    [
        "modelStreamErrorException",
        "throttlingException",
        "internalServerException",
        "serviceUnavailableException",
    ],
)
async def test_an_exception_in_the_middle_of_an_answer_is_unavailable(code: str) -> None:
    async with asking(says("One ", Breaks(code, SECRET), "two")) as (model, _):
        said, broken = await failure(model)

    assert said == "One "
    assert isinstance(broken, Unavailable)


async def test_what_the_service_finds_wrong_with_the_request_is_no_passing_failure() -> None:
    async with asking(says("One ", Breaks("validationException", SECRET))) as (model, wire):
        assert not isinstance((await failure(model))[1], Unavailable)

        wire.fail(faults.denied)
        assert not isinstance((await failure(model))[1], Unavailable)


@pytest.mark.real(afar=True)
@pytest.mark.parametrize("fault", [faults.cut(4), faults.cut(4, clean=True), faults.stalled(4, asyncio.Event())])
async def test_a_text_that_is_whole_needs_no_usage(fault: faults.Fault) -> None:
    async with asking(says("Twelve chars")) as (model, wire):
        wire.fail(fault)
        said, usage = await answer(model)

    assert (said, usage.output_tokens) == ("Twelve chars", 3)


async def test_bytes_may_come_one_by_one() -> None:
    async with asking(says("Grüße ", "aus 東京.")) as (model, wire):
        wire.fail(faults.dripped())

        assert (await answer(model))[0] == "Grüße aus 東京."


async def test_half_a_character_is_shown_as_one_that_cannot_be() -> None:
    async with asking(says("Half \ud83d ", "whole \ud83d\ude00.")) as (model, _):
        assert (await answer(model))[0] == "Half \ufffd whole 😀."


@pytest.mark.real(afar=True)
async def test_a_model_that_falls_silent_is_left_after_its_deadline() -> None:
    async with asking(says("Half ", asyncio.Event(), "a")) as (model, wire):
        steady = SteadyModel(model, Patience(), random.Random(1))
        said, silent = await failure(steady)

        assert (said, type(silent)) == ("Half ", Unavailable)
        assert 8.0 <= asyncio.get_running_loop().time() <= 20.0
        await asyncio.wait_for(wire.calls[0].left.wait(), 60)


async def test_closing_the_iterator_closes_the_connection() -> None:
    async with asking(says("Half ", asyncio.Event(), "a")) as (model, wire):
        async with aclosing(model.stream(prompt())) as said:
            assert await anext(said) == "Half "

        await asyncio.wait_for(wire.calls[0].left.wait(), 60)


async def test_cancelling_the_listener_closes_the_connection() -> None:
    asked = asyncio.Event()

    def hesitates(_: Call) -> Answer:
        asked.set()
        return says("Half ", asyncio.Event(), "a")

    async with asking(hesitates) as (model, wire):
        listening = asyncio.ensure_future(answer(model))
        await asked.wait()
        listening.cancel()

        with pytest.raises(asyncio.CancelledError):
            await listening
        await asyncio.wait_for(wire.calls[0].left.wait(), 60)


async def test_an_answer_longer_than_any_within_its_limit_ends_there() -> None:
    async with asking(says(*["blah " * 10] * 50)) as (model, _):
        assert len((await answer(model, limit=10))[0]) == 160
