"""What every model keeps; one entry in `MODELS` puts another adapter under this suite."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from typing import Literal

import pytest
from aiohttp import web

from runtime import prompt as prompts
from runtime.adapters.aws.bedrock import BedrockModel
from runtime.adapters.aws.sagemaker import SageMakerModel
from runtime.adapters.local.offline import OfflineCompanion
from runtime.conversation import Prompt, Turn, Usage, tokens
from runtime.ports import Model
from tests.adapters import chat_server
from tests.adapters.on_aws import clients
from tests.parts.wire import Call, Converse, SageMaker, says, serving
from tests.parts.wire.bedrock import Answer
from tests.parts.wire.reply import Reply
from tests.parts.wire.sagemaker import openai as openai_parts
from tests.parts.wire.sagemaker import tgi

Opened = Callable[[], AbstractAsyncContextManager[Model]]
ANSWER = "I am well, thank you. And how are you? Tell me about your day, if you like."


@asynccontextmanager
async def offline() -> AsyncIterator[Model]:
    """Open the companion that is built in."""
    yield OfflineCompanion()


@asynccontextmanager
async def openai() -> AsyncIterator[Model]:
    """Open a server whose model knows one answer and goes on with it when it is asked to."""

    async def knows(request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        before = "".join(each["content"] for each in asked["messages"] if each["role"] == "assistant")
        pieces = (prompts.rest(ANSWER, before) or "")[: asked["max_tokens"] * 4].split(" ")
        await asyncio.sleep(0.1)
        return await chat_server.says(*(f"{piece} " for piece in pieces))(request)

    async with chat_server.asking(knows) as (model, _):
        yield model


@asynccontextmanager
async def bedrock() -> AsyncIterator[Model]:
    """Open a service whose model goes on with the words that end its conversation."""

    def knows(call: Call) -> Answer:
        last = call.arguments["messages"][-1]
        before = last["content"][0]["text"] if last["role"] == "assistant" else ""
        limit = call.arguments["inferenceConfig"]["maxTokens"]
        return says(*re.findall(r"\s*\S+", (prompts.rest(ANSWER, before) or "")[: limit * 4]))

    async with serving(Converse(knows)) as wire, clients(wire) as opened:
        yield BedrockModel(await opened.open("bedrock-runtime"), "us.amazon.nova-micro-v1:0")


class Endpoint(SageMaker):
    """An endpoint whose model goes on with what its companion has said."""

    async def _invoke(self, call: Call) -> Reply:
        asked = json.loads(call.body)
        if "inputs" in asked:
            before, limit = asked["inputs"].rpartition("Companion:")[2], asked["parameters"]["max_new_tokens"]
        else:
            before = "".join(each["content"] for each in asked["messages"] if each["role"] == "assistant")
            limit = asked["max_tokens"]
        pieces = re.findall(r"\s*\S+", (prompts.rest(ANSWER, before) or "")[: limit * 4]) or [""]
        self.answers = ((tgi if "inputs" in asked else openai_parts)(*pieces),)
        return await super()._invoke(call)


@asynccontextmanager
async def endpoint(speech: Literal["openai", "tgi"]) -> AsyncIterator[Model]:
    """Open a model on such an endpoint."""
    async with serving(Endpoint()) as wire, clients(wire) as opened:
        yield SageMakerModel(await opened.open("sagemaker-runtime"), "companion", speech)


MODELS: dict[str, Opened] = {
    "offline": offline,
    "openai": openai,
    "bedrock": bedrock,
    "sagemaker": lambda: endpoint("openai"),
    "sagemaker-tgi": lambda: endpoint("tgi"),
}
REAL = {"bedrock", "sagemaker", "sagemaker-tgi"}


@pytest.fixture(params=[pytest.param(name, marks=pytest.mark.real if name in REAL else ()) for name in MODELS])
def opened(request: pytest.FixtureRequest) -> Opened:
    """Return how to open each model."""
    return MODELS[request.param]


def prompt(text: str = "How are you?", *, answered: str = "", limit: int = 600) -> Prompt:
    turn = Turn("ada", "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c11", text, 1_763_733_900.0, 1_763_733_960.0)
    return prompts.compose(turn, (), (), answered=answered, limit=limit)


async def said(model: Model, asked: Prompt) -> str:
    return "".join([item async for item in model.stream(asked) if isinstance(item, str)])


async def test_text_comes_in_pieces_and_the_usage_once_and_last(opened: Opened) -> None:
    async with opened() as model:
        *pieces, usage = [item async for item in model.stream(prompt())]

    assert len(pieces) > 3
    assert all(isinstance(piece, str) and piece for piece in pieces)
    assert isinstance(usage, Usage)
    assert usage.input_tokens > 0
    assert usage.output_tokens > 0


async def test_an_answer_begins_with_a_word(opened: Opened) -> None:
    async with opened() as model:
        first = await said(model, prompt())

    assert first[0].isalnum()


@pytest.mark.parametrize("kept", [1, 3, 6])
async def test_an_answer_that_was_cut_off_goes_on_where_it_ended(opened: Opened, kept: int) -> None:
    async with opened() as model:
        whole = await said(model, prompt())
        begun = " ".join(whole.split()[:kept])
        rest = await said(model, prompt(answered=begun))

    assert f"{begun}{rest}".split() == whole.split()


async def test_an_answer_that_was_said_whole_goes_on_with_nothing(opened: Opened) -> None:
    async with opened() as model:
        whole = await said(model, prompt())

        assert not (await said(model, prompt(answered=whole))).strip()


async def test_an_answer_keeps_about_to_its_limit(opened: Opened) -> None:
    async with opened() as model:
        answer = await said(model, prompt("Hello", limit=12))

    assert 0 < tokens(answer) <= 24


async def test_an_answer_that_is_left_early_leaves_the_model_ready(opened: Opened) -> None:
    async with opened() as model:
        whole = await said(model, prompt())
        async with aclosing(model.stream(prompt())) as pieces:
            await anext(pieces)

        assert await said(model, prompt()) == whole


async def test_an_answer_that_is_never_listened_to_costs_nothing(opened: Opened) -> None:
    async with opened() as model:
        await model.stream(prompt()).aclose()


async def test_a_listener_who_is_cancelled_gets_away_at_once(opened: Opened) -> None:
    async with opened() as model:
        listening = asyncio.ensure_future(said(model, prompt()))
        await asyncio.sleep(0)  # Longer, and a fast machine has answered.
        listening.cancel()

        with pytest.raises(asyncio.CancelledError):
            await listening


async def test_answers_at_the_same_time_do_not_mix(opened: Opened) -> None:
    async with opened() as model:
        alone = [await said(model, prompt(text)) for text in ("How are you?", "Thank you!")]
        together = await asyncio.gather(*(said(model, prompt(text)) for text in ("How are you?", "Thank you!")))

    assert together == alone
