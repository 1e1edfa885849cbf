"""What holds for every service on the wire: who may call, what is kept of a call, how calls fail."""

import asyncio
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from tests.parts.given import client
from tests.parts.moto import Moto
from tests.parts.wire import Converse, faults, says, serving

pytestmark = pytest.mark.real

_ASKED = {"modelId": "us.anthropic.claude-haiku-5-5", "messages": [{"role": "user", "content": [{"text": "Hi"}]}]}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"aws_secret_access_key": "wrong"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "AKIAWRONG"}, "UnrecognizedClientException"),
        ({"region_name": "eu-west-1"}, "InvalidSignatureException"),
    ],
)
async def test_who_has_not_signed_as_the_key_s_holder_is_refused(wrong: dict[str, str], code: str) -> None:
    async with serving(Converse(says("Hi."))) as wire, client("bedrock-runtime", wire.endpoint, **wrong) as bedrock:
        with pytest.raises(ClientError) as refused:
            await bedrock.converse_stream(**_ASKED)

    assert refused.value.response["Error"]["Code"] == code
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403
    assert wire.calls == []


async def test_a_signature_of_an_hour_ago_is_refused() -> None:
    ahead = datetime.now(UTC) + timedelta(hours=1)
    async with serving(now=lambda: ahead) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        with pytest.raises(ClientError, match="Signature expired"):
            await bedrock.converse_stream(**_ASKED)


async def test_who_does_not_sign_at_all_is_refused() -> None:
    async with serving() as wire, aiohttp.ClientSession(wire.endpoint.url) as session:
        answer = await session.post("/model/any/converse-stream", json={})

        assert answer.status == 403
        assert answer.headers["x-amzn-ErrorType"] == "MissingAuthenticationTokenException"


async def test_what_was_asked_is_kept_as_the_client_was_told_and_connections_are_counted() -> None:
    async with serving(Converse(says("Hi."))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        for _ in range(3):
            await _heard(await bedrock.converse_stream(**_ASKED))

    assert [call.arguments for call in wire.of("ConverseStream")] == [_ASKED] * 3
    assert wire.connections("bedrock-runtime") == 1


@pytest.mark.parametrize("name", faults.FAILURES)
async def test_a_call_that_is_told_to_fail_fails_and_the_next_does_not(name: str) -> None:
    async with serving(Converse(says("Hello, ", "Ana."))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        wire.fail(faults.FAILURES[name], at=1, of="ConverseStream")
        heard = [await _heard_or_not(bedrock) for _ in range(3)]

    assert heard == ["Hello, Ana.", heard[1], "Hello, Ana."]
    assert heard[1] != "Hello, Ana."


async def test_a_fault_refuses_in_the_words_of_the_service() -> None:
    async with serving(Converse(says("Hi."))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        wire.fail(faults.throttled)
        wire.fail(faults.broken, at=1)

        with pytest.raises(bedrock.exceptions.ThrottlingException):
            await bedrock.converse_stream(**_ASKED)
        with pytest.raises(bedrock.exceptions.InternalServerException):
            await bedrock.converse_stream(**_ASKED)


async def test_a_body_that_stalls_goes_on_when_it_is_told_to() -> None:
    on = asyncio.Event()
    async with serving(Converse(says("Hello, ", "Ana."))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        wire.fail(faults.stalled(2, on))
        async with aclosing(aiter((await bedrock.converse_stream(**_ASKED))["stream"])) as stream:
            first = [await anext(stream), await anext(stream)]
            on.set()
            rest = [event async for event in stream]

    assert [*first[0], *first[1]] == ["messageStart", "contentBlockDelta"]
    assert "messageStop" in rest[-2]


async def test_bytes_that_drip_arrive_whole() -> None:
    async with serving(Converse(says("Ana ✓"))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        wire.fail(faults.dripped(1))

        assert await _heard(await bedrock.converse_stream(**_ASKED)) == "Ana ✓"


async def test_a_caller_who_leaves_before_the_end_is_noticed() -> None:
    never = asyncio.Event()
    async with serving(Converse(says("Hello, ", never))) as wire, client("bedrock-runtime", wire.endpoint) as bedrock:
        answer = await bedrock.converse_stream(**_ASKED)
        answer["stream"].close()

        async with asyncio.timeout(60):
            await wire.calls[0].left.wait()


@pytest.mark.parametrize("lost", [True, False])
async def test_calls_of_an_upstream_go_there_and_fail_on_order(moto: Moto, lost: bool) -> None:  # noqa: FBT001
    async with serving(upstreams={"sqs": moto}) as wire, client("sqs", wire.endpoint) as sqs:
        wire.fail(faults.lost if lost else faults.reset)
        with pytest.raises(EndpointConnectionError):
            await sqs.create_queue(QueueName="made")

        assert ("QueueUrls" in await sqs.list_queues()) == lost


async def _heard(answer: dict[str, Any]) -> str:
    pieces = [event["contentBlockDelta"]["delta"] async for event in answer["stream"] if "contentBlockDelta" in event]
    return "".join(piece.get("text", "") for piece in pieces)


async def _heard_or_not(bedrock: Any) -> str:  # noqa: ANN401 - the SDK's own client
    answer: dict[str, Any] = {}
    try:
        answer = await bedrock.converse_stream(**_ASKED)
        return await _heard(answer)
    except (ClientError, EndpointConnectionError, aiohttp.ClientPayloadError) as failed:
        return type(failed).__name__
    finally:
        if answer:
            answer["stream"].close()
