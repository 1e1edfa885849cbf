"""What AWS's adapters add to the SDK: CPU of a call beside the same call without the adapter, in one run.

`python -m bench adapters [--times N]` prints one JSON object. The services are the wire fakes of the tests in a process
of their own, so that only the caller's CPU is counted; wall time would measure the fakes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from functools import partial
from multiprocessing.queues import Queue
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from bench import tables
from bench.beside import beside
from runtime import policy
from runtime.adapters.aws.bedrock import BedrockModel
from runtime.adapters.aws.bedrock.request import request
from runtime.adapters.aws.clients import Clients
from runtime.adapters.aws.guardrail import Comprehend as SecondOpinion
from runtime.adapters.aws.guardrail import GuardrailModerator
from runtime.adapters.aws.polly import PollySynthesiser
from runtime.adapters.aws.sagemaker import SageMakerModel
from runtime.completion import Dialect
from runtime.conversation import Passage, Prompt
from tests.parts import moto
from tests.parts.endpoint import Endpoint
from tests.parts.wire import Comprehend, Converse, Guardrail, Polly, SageMaker, says, serving
from tests.parts.wire.sagemaker import openai

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient
    from types_aiobotocore_comprehend import ComprehendClient
    from types_aiobotocore_polly import PollyClient
    from types_aiobotocore_sagemaker_runtime import SageMakerRuntimeClient

_ROUNDS = 5
_MODEL = "amazon.nova-micro-v1:0"
_PIECES = [f"word{number} " for number in range(60)]
_PROMPT = Prompt("be kind", (), (), "Hello?", 1_763_733_900.0)
_SENTENCE = "How was your day at the sea?"

Call = Callable[[], Awaitable[object]]


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench adapters", description=__doc__)
    parser.add_argument("--times", type=int, default=60, help="calls in each of five rounds")
    times = parser.parse_args(arguments).times
    with served() as endpoint:
        print(json.dumps(asyncio.run(measure(endpoint, times)), indent=1))


async def measure(endpoint: Endpoint, times: int) -> dict[str, dict[str, float]]:
    """Return the CPU of each call in milliseconds: by the SDK alone, and what the adapter adds."""
    async with AsyncExitStack() as stack:
        pairs = await _calls(Clients(stack, endpoint.arguments))
        return {name: await _compared(bare, adapted, times) for name, (bare, adapted) in pairs.items()}


@contextmanager
def served() -> Iterator[Endpoint]:
    """Serve everything in a process of its own."""
    with beside(_serve) as url:
        yield Endpoint(url)


def _serve(folder: Path, urls: Queue[str]) -> None:
    async def forever() -> None:
        services = (
            Converse(says(*_PIECES)),
            SageMaker(openai(*_PIECES, size=200)),
            Guardrail(),
            Comprehend(),
            Polly(4000),
        )
        dynamodb = moto.start(folder)
        dynamodb.answers("/moto-api/")
        async with serving(*services, upstreams={"dynamodb": dynamodb.url}) as wire:
            urls.put(wire.endpoint.url)
            await asyncio.Event().wait()

    asyncio.run(forever())


async def _calls(clients: Clients) -> dict[str, tuple[Call, Call]]:
    """Return what is compared: a call by the SDK alone, and the same by its adapter."""
    bedrock, sagemaker = await clients.open("bedrock-runtime"), await clients.open("sagemaker-runtime")
    comprehend, polly = await clients.open("comprehend"), await clients.open("polly")
    rules = policy.load()
    second = SecondOpinion(comprehend, rules)
    judge = GuardrailModerator(bedrock, "gr0000000001", "1", second=second, policy=rules)
    return {
        "bedrock": (partial(_converse, bedrock), partial(_drained, BedrockModel(bedrock, _MODEL).stream, _PROMPT)),
        "sagemaker": (
            partial(_invoke, sagemaker),
            partial(_drained, SageMakerModel(sagemaker, "companion", "openai").stream, _PROMPT),
        ),
        "verdict": (partial(_three, bedrock, comprehend), partial(judge.judge, Passage(_SENTENCE, "output"))),
        "polly": (
            partial(_two, polly),
            partial(_drained, PollySynthesiser(polly, voice="Joanna", engine="neural").speak, _SENTENCE),
        ),
        **await tables.pairs(await clients.open("dynamodb")),
    }


async def _compared(bare: Call, adapted: Call, times: int) -> dict[str, float]:
    rounds = [(await _cpu_ms(bare, times), await _cpu_ms(adapted, times)) for _ in range(_ROUNDS)]
    return {
        "sdk_ms": round(median(one for one, _ in rounds), 2),
        "added_ms": round(median(other - one for one, other in rounds), 2),
    }


async def _cpu_ms(call: Call, times: int) -> float:
    await call()
    begun = time.process_time()
    for _ in range(times):
        await call()
    return (time.process_time() - begun) / times * 1e3


async def _drained(stream: Callable[[Any], AsyncGenerator[object, None]], given: object) -> None:
    async for _ in stream(given):
        pass


async def _converse(bedrock: BedrockRuntimeClient) -> None:
    response = await bedrock.converse_stream(**request(_MODEL, _PROMPT))
    async for _ in response["stream"]:
        pass
    response["stream"].close()


async def _invoke(sagemaker: SageMakerRuntimeClient) -> None:
    body = Dialect().request(_PROMPT)
    response = await sagemaker.invoke_endpoint_with_response_stream(EndpointName="companion", Body=body)
    async for _ in response["Body"]:
        pass
    response["Body"].close()


async def _three(bedrock: BedrockRuntimeClient, comprehend: ComprehendClient) -> None:
    await asyncio.gather(
        bedrock.apply_guardrail(
            guardrailIdentifier="gr0000000001",
            guardrailVersion="1",
            source="OUTPUT",
            content=[{"text": {"text": _SENTENCE}}],
        ),
        comprehend.detect_toxic_content(TextSegments=[{"Text": _SENTENCE}], LanguageCode="en"),
        comprehend.detect_pii_entities(Text=_SENTENCE, LanguageCode="en"),
    )


async def _two(polly: PollyClient) -> None:
    audio, marks = {"OutputFormat": "pcm", "SampleRate": "16000"}, {"OutputFormat": "json", "SpeechMarkTypes": ["word"]}
    await asyncio.gather(_body(polly, audio), _body(polly, marks))


async def _body(polly: PollyClient, output: dict[str, Any]) -> None:
    response = await polly.synthesize_speech(Text=_SENTENCE, VoiceId="Joanna", Engine="neural", **output)
    async with response["AudioStream"] as body:
        while await body.read(16_384):
            pass
