"""Each service on the wire, asked by the real SDK: the shapes are the service's own, the content is the test's."""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from typing import Any

import pytest
from botocore.exceptions import ClientError, EventStreamError

from tests.parts.endpoint import Endpoint
from tests.parts.given import client
from tests.parts.wire import (
    Comprehend,
    Connections,
    Converse,
    Failure,
    Guardrail,
    Polly,
    SageMaker,
    Thought,
    Titan,
    rules,
    sagemaker,
    says,
    serving,
)
from tests.parts.wire.polly import pcm

pytestmark = pytest.mark.real

_MODEL = "us.anthropic.claude-haiku-5-5"
_HI = [{"role": "user", "content": [{"text": "Hi"}]}]
_APPLY = {"guardrailIdentifier": "gr0000000001", "guardrailVersion": "1", "source": "OUTPUT"}


async def test_converse_streams_text_and_thought_and_ends_with_the_usage() -> None:
    answer = says(Thought("Hm."), "Hello, ", "Ana.", stop="max_tokens")
    async with serving(Converse(answer)) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        events = [event async for event in (await bedrock.converse_stream(modelId=_MODEL, messages=_HI))["stream"]]

    deltas = [event["contentBlockDelta"]["delta"] for event in events if "contentBlockDelta" in event]
    assert deltas == [{"reasoningContent": {"text": "Hm."}}, {"text": "Hello, "}, {"text": "Ana."}]
    assert events[-2] == {"messageStop": {"stopReason": "max_tokens"}}
    assert events[-1]["metadata"]["usage"]["outputTokens"] == 3


async def test_converse_reads_from_the_cache_what_it_has_written_there() -> None:
    system = [{"text": "Be kind. " * 40}, {"cachePoint": {"type": "default"}}]
    async with serving(Converse(says("Hi."))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        usages = []
        for _ in range(2):
            answer = await bedrock.converse_stream(modelId=_MODEL, messages=_HI, system=system)
            usages.append([event async for event in answer["stream"]][-1]["metadata"]["usage"])

    written, read = usages
    assert written["cacheWriteInputTokens"] == read["cacheReadInputTokens"] > 0
    assert written["cacheReadInputTokens"] == read["cacheWriteInputTokens"] == 0


async def test_converse_fails_in_the_middle_of_a_stream() -> None:
    failing = Converse(says("Hel", Failure("modelStreamErrorException")))
    async with serving(failing) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        stream = (await bedrock.converse_stream(modelId=_MODEL, messages=_HI))["stream"]
        with pytest.raises(EventStreamError) as failed:
            assert [event async for event in stream] == []
        stream.close()

    assert failed.value.response["Error"]["Code"] == "modelStreamErrorException"


@pytest.mark.parametrize(
    "asked",
    [
        {"messages": _HI, "inferenceConfig": {"temperature": 0.5}},
        {"messages": [*_HI, {"role": "assistant", "content": [{"text": "Hel"}]}]},
        {"messages": [*_HI, *_HI]},
        {"messages": [{"role": "user", "content": [{"text": " "}]}]},
    ],
)
async def test_converse_refuses_what_a_model_does_not_take(asked: dict[str, Any]) -> None:
    picky = Converse(says("Hi."), refuses={_MODEL: frozenset({"temperature", "prefill"})})
    async with serving(picky) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        with pytest.raises(bedrock.exceptions.ValidationException):
            await bedrock.converse_stream(modelId=_MODEL, **asked)


async def test_titan_gives_unit_vectors_that_are_near_where_words_are_shared() -> None:
    async with serving(Titan()) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        sea, coast, tax = [await _embedded(bedrock, text) for text in ("the cold sea", "a cold sea", "my tax form")]

    assert len(sea) == 256
    assert _dot(sea, sea) == pytest.approx(1)
    assert _dot(sea, coast) > 0.5 > _dot(sea, tax)


async def test_a_guardrail_blocks_masks_and_lets_pass_by_its_rules() -> None:
    guardrail = Guardrail(rules.topic("Weapons", "bomb"), rules.pii("EMAIL", r"\S+@\S+"))
    async with serving(guardrail) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        said = ["Hi Ana.", "Write to ana@example.com now", "A bomb for ana@example.com"]
        passed, masked, blocked = [await _judged(bedrock, text) for text in said]

    assert (passed["action"], passed["outputs"]) == ("NONE", [])
    assert masked["outputs"] == [{"text": "Write to {EMAIL} now"}]
    found = masked["assessments"][0]["sensitiveInformationPolicy"]["piiEntities"]
    assert found == [{"match": "ana@example.com", "type": "EMAIL", "action": "ANONYMIZED", "detected": True}]
    assert blocked["outputs"] == [{"text": "I can't say that."}]
    assert blocked["assessments"][0]["topicPolicy"]["topics"][0]["action"] == "BLOCKED"


async def test_only_what_is_marked_is_guarded_where_anything_is() -> None:
    guardrail = Guardrail(rules.word("bomb"))
    marked = {"text": {"text": "Hi.", "qualifiers": ["guard_content"]}}
    async with serving(guardrail) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        answer = await bedrock.apply_guardrail(**_APPLY, content=[{"text": {"text": "A bomb."}}, marked])

    assert answer["action"] == "NONE"
    assert answer["guardrailCoverage"] == {"textCharacters": {"guarded": 3, "total": 10}}


async def test_a_guardrail_s_edit_in_the_console_is_seen_in_its_draft() -> None:
    guardrail = Guardrail()
    async with serving(guardrail) as wire, client("bedrock", wire.endpoint) as bedrock:
        guardrail.configured["DRAFT"] = {"description": "edited"}
        draft, pinned = [
            await bedrock.get_guardrail(guardrailIdentifier="gr0000000001", guardrailVersion=version)
            for version in ("DRAFT", "1")
        ]

    assert draft["description"] == "edited"
    assert "description" not in pinned


async def test_comprehend_scores_segments_and_finds_entities() -> None:
    words = Comprehend(toxic={"idiot": {"INSULT": 0.93}}, pii={r"\d{3}-\d{2}-\d{4}": "SSN"})
    async with serving(words) as wire, client("comprehend", wire.endpoint) as comprehend:
        segments = [{"Text": "You idiot."}, {"Text": "You dear."}]
        toxic = await comprehend.detect_toxic_content(TextSegments=segments, LanguageCode="en")
        found = await comprehend.detect_pii_entities(Text="é 123-45-6789", LanguageCode="en")

    assert [result["Toxicity"] for result in toxic["ResultList"]] == [0.93, 0.02]
    assert found["Entities"] == [{"Type": "SSN", "Score": 0.99, "BeginOffset": 2, "EndOffset": 13}]


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("é" * 513, "en", "TextSizeLimitExceededException"),
        ("hola", "es", "UnsupportedLanguageException"),
    ],
)
async def test_comprehend_keeps_its_limits(text: str, language: str, code: str) -> None:
    async with serving(Comprehend()) as wire, client("comprehend", wire.endpoint) as comprehend:
        with pytest.raises(ClientError, match=code):
            await comprehend.detect_toxic_content(TextSegments=[{"Text": text}], LanguageCode=language)


async def test_polly_s_audio_can_be_read_while_it_is_made() -> None:
    on = asyncio.Event()
    asked = {"Text": "Hello, Ana.", "OutputFormat": "pcm", "VoiceId": "Joanna", "SampleRate": "16000"}
    async with serving(Polly(held_at=1, until=on)) as wire, client("polly", wire.endpoint) as polly:
        answer = await polly.synthesize_speech(**asked, Engine="neural")
        first = await answer["AudioStream"].read(1001)
        on.set()
        rest = await answer["AudioStream"].read()

    assert len(first) == 1001
    assert first + rest == pcm("Hello, Ana.")
    assert (answer["ContentType"], answer["RequestCharacters"]) == ("audio/pcm", 11)


async def test_polly_s_marks_count_in_bytes() -> None:
    asked = {"Text": "Olé, Ana", "OutputFormat": "json", "VoiceId": "Joanna", "SpeechMarkTypes": ["word"]}
    async with serving(Polly()) as wire, client("polly", wire.endpoint) as polly:
        lines = (await (await polly.synthesize_speech(**asked))["AudioStream"].read()).splitlines()

    marks = [json.loads(line) for line in lines]
    assert [(mark["value"], mark["start"], mark["end"]) for mark in marks] == [("Olé", 0, 4), ("Ana", 6, 9)]


@pytest.mark.parametrize("answer", [sagemaker.openai("Olé, ", "Ana"), sagemaker.tgi("Olé, ", "Ana")])
async def test_sagemaker_s_parts_end_anywhere(answer: list[bytes]) -> None:
    async with serving(SageMaker(answer)) as wire, client("sagemaker-runtime", wire.endpoint) as runtime:
        body = (await runtime.invoke_endpoint_with_response_stream(EndpointName="companion", Body=b"{}"))["Body"]
        parts = [event["PayloadPart"]["Bytes"] async for event in body]

    assert {len(part) for part in parts[:-1]} == {7}
    assert "Olé, " in b"".join(parts).decode()


@pytest.mark.parametrize("code", ["ModelStreamError", "InternalStreamFailure"])
async def test_sagemaker_fails_in_the_middle_of_a_stream(code: str) -> None:
    failing = SageMaker([b"data:", Failure(code)])
    async with serving(failing) as wire, client("sagemaker-runtime", wire.endpoint) as runtime:
        body = (await runtime.invoke_endpoint_with_response_stream(EndpointName="companion", Body=b"{}"))["Body"]
        with pytest.raises(EventStreamError, match=code):
            assert [part async for part in body] == []
        body.close()


async def test_what_is_posted_arrives_and_who_left_is_gone() -> None:
    connections = Connections()
    posted = connections.open("Lx=")
    async with serving(connections) as wire, _posting(wire.endpoint) as api:
        await api.post_to_connection(ConnectionId="Lx=", Data=b"hello")
        who = await api.get_connection(ConnectionId="Lx=")
        await api.delete_connection(ConnectionId="Lx=")
        with pytest.raises(api.exceptions.GoneException):
            await api.post_to_connection(ConnectionId="Lx=", Data=b"hello")

    assert posted == [b"hello"]
    assert who["Identity"]["SourceIp"] == "203.0.113.7"


@pytest.mark.parametrize(
    ("connection", "stage", "size", "error"),
    [
        ("slow", "prod", 1, "LimitExceededException"),
        ("there", "prod", (128 << 10) + 1, "PayloadTooLargeException"),
        ("there", "dev", 1, "ForbiddenException"),
    ],
)
async def test_a_post_can_be_refused(connection: str, stage: str, size: int, error: str) -> None:
    connections = Connections(posted={"slow": [], "there": []}, full={"slow"})
    async with serving(connections) as wire, _posting(wire.endpoint, stage) as api:
        with pytest.raises(getattr(api.exceptions, error)):
            await api.post_to_connection(ConnectionId=connection, Data=b"x" * size)

    assert connections.posted == {"slow": [], "there": []}


def _posting(endpoint: Endpoint, stage: str = "prod") -> AbstractAsyncContextManager[Any]:
    return client("apigatewaymanagementapi", endpoint, endpoint_url=f"{endpoint.url}/{stage}")


async def _embedded(bedrock: Any, text: str) -> list[float]:  # noqa: ANN401 - the SDK's own client
    body = json.dumps({"inputText": text, "dimensions": 256, "normalize": True})
    answer = await bedrock.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=body)
    vector: list[float] = json.loads(await answer["body"].read())["embedding"]
    return vector


async def _judged(bedrock: Any, text: str) -> dict[str, Any]:  # noqa: ANN401 - the SDK's own client
    answer: dict[str, Any] = await bedrock.apply_guardrail(**_APPLY, content=[{"text": {"text": text}}])
    return answer


def _dot(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))
