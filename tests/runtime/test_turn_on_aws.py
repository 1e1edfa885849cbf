"""Whole turns whose model, moderator and voice are AWS's, by the real SDK; each call fails in each way, once.

Whoever asked gets an answer or an error, in words that were judged, and the next turn is answered.
"""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime.adapters.aws.bedrock import BedrockModel
from runtime.adapters.aws.polly import PollySynthesiser
from runtime.adapters.aws.sagemaker import SageMakerModel
from runtime.adapters.local.metrics import LogMetrics
from runtime.protocol import server
from runtime.resilience import (
    FallbackModel,
    LimitedModerator,
    Patience,
    SteadyModel,
    SteadyModerator,
    SteadySynthesiser,
)
from tests.adapters.judging import judging
from tests.adapters.listening import answer
from tests.adapters.on_aws import clients
from tests.parts.wire import Comprehend, Converse, Guardrail, Polly, SageMaker, Wire, faults, rules, says, serving
from tests.parts.wire.sagemaker import openai
from tests.runtime.home import Home, home, texts, turn_id

pytestmark = pytest.mark.real(afar=True)
PIECES = ("It is good ", "to see you. ", "How was ", "the sea? ", "Tell me.")
REPLY = "".join(PIECES)
OPERATIONS = ("ConverseStream", "ApplyGuardrail", "DetectToxicContent", "DetectPiiEntities", "SynthesizeSpeech")


@asynccontextmanager
async def on_aws(data: Path, *pieces: str, guardrail: Guardrail | None = None) -> AsyncIterator[tuple[Home, Wire]]:
    """Open a home whose answers are made, judged and spoken by services on the wire."""
    services = (Converse(says(*pieces or PIECES)), guardrail or Guardrail(), Comprehend(), Polly())
    dice, patience = random.Random(1), Patience()
    async with serving(*services) as wire, clients(wire) as opened, judging(wire) as moderator:
        model = SteadyModel(
            BedrockModel(await opened.open("bedrock-runtime"), "amazon.nova-micro-v1:0"), patience, dice
        )
        voice = PollySynthesiser(await opened.open("polly"), voice="Joanna", engine="neural")
        async with home(
            data,
            model,
            moderator=LimitedModerator(SteadyModerator(moderator, patience), 8, dice),
            synthesiser=SteadySynthesiser(voice, patience),
        ) as answering:
            yield answering, wire


async def answered(opened: Home, number: int, text: str = "Hello there") -> tuple[server.AnyFrame, str]:
    """Send somebody's first turn, spoken; return its end and its text."""
    user, turn = f"user{number}", turn_id(number)
    await opened.send(user, turn, text, voice=True)
    end = await opened.ended(user, turn)
    return end, texts(opened.inbox.frames(user, turn))


async def test_a_turn_is_answered_judged_and_spoken(tmp_path: Path) -> None:
    async with on_aws(tmp_path) as (opened, wire):
        end, said = await answered(opened, 1)

    assert isinstance(end, server.Done)
    assert said == REPLY
    audio = [frame for frame in opened.inbox.frames() if isinstance(frame, server.Audio)]
    assert {frame.chunk for frame in audio} == {
        frame.chunk for frame in opened.inbox.frames() if isinstance(frame, server.Text)
    }
    assert {call.operation for call in wire.calls} == set(OPERATIONS)


@pytest.mark.parametrize("name", ["throttled", "reset", "half an answer, then reset"])
async def test_another_model_answers_where_the_first_fails(name: str) -> None:
    async with serving(Converse(says(*PIECES)), SageMaker(openai("never"))) as wire, clients(wire) as opened:
        first = SageMakerModel(await opened.open("sagemaker-runtime"), "companion", "openai")
        other = BedrockModel(await opened.open("bedrock-runtime"), "amazon.nova-micro-v1:0")
        wire.fail(faults.FAILURES[name], of="InvokeEndpointWithResponseStream")
        said, _usage = await answer(FallbackModel(first, other, LogMetrics()))

    assert said == REPLY


async def test_what_the_guardrail_refuses_is_never_said(tmp_path: Path) -> None:
    async with on_aws(tmp_path, guardrail=Guardrail(rules.topic("Sea", "sea"))) as (opened, _):
        end, said = await answered(opened, 1)
        refused, message = await answered(opened, 2, "Let us talk about the sea")

    assert isinstance(end, server.Done)
    assert isinstance(refused, server.Done)
    assert (end.blocked, refused.blocked) == (True, True)
    assert said == "It is good to see you. I can't help with that."
    assert message == "I can't help with that."


@pytest.mark.parametrize("operation", OPERATIONS)
async def test_whichever_call_fails_and_however_a_turn_ends_in_judged_words(tmp_path: Path, operation: str) -> None:
    async with on_aws(tmp_path) as (opened, wire):
        for number, (name, fault) in enumerate(faults.FAILURES.items()):
            for at in (0, 1):
                wire.fail(fault, at=at, of=operation)
                end, said = await answered(opened, 3 * number + at)
                assert isinstance(end, server.Done | server.Error), name
                assert REPLY.startswith(said), name

            end, said = await answered(opened, 3 * number + 2)
            assert (isinstance(end, server.Done), said) == (True, REPLY), name
