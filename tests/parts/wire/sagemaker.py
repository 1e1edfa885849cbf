"""SageMaker's InvokeEndpointWithResponseStream: a model server's own stream, cut into parts that end anywhere."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence

from tests.parts.wire import frames
from tests.parts.wire.bedrock import Failure
from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import EVENT_STREAM, Handler, Reply, stream

Part = bytes | Failure | asyncio.Event


class SageMaker:
    """The endpoint *name*, whose model gives *answers* in order, and the last again.

    An answer is its parts; an event among them holds back what comes after it, a `Failure` (ModelStreamError or
    InternalStreamFailure) ends it.
    """

    def __init__(self, *answers: Sequence[Part], name: str = "companion") -> None:
        self.answers = answers
        self.name = name
        self._asked = 0

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("sagemaker-runtime", "InvokeEndpointWithResponseStream"): self._invoke}

    async def _invoke(self, call: Call) -> Reply:
        if call.arguments["EndpointName"] != self.name:
            raise Refusal("ValidationError", f"Endpoint {call.arguments['EndpointName']} not found.")
        answer = self.answers[min(self._asked, len(self.answers) - 1)]
        self._asked += 1
        told = {"X_Amzn_SageMaker_Content_Type": "text/event-stream", "x_Amzn_Invoked_Production_Variant": "AllTraffic"}
        return stream(EVENT_STREAM, _frames(answer), **told)


def openai(*pieces: str, size: int = 7) -> list[bytes]:
    """Return the parts of an answer in OpenAI's streaming form, *size* bytes each."""
    said = [_choice({"content": piece}, None) for piece in pieces]
    usage = {"prompt_tokens": 20, "completion_tokens": len(pieces), "total_tokens": 20 + len(pieces)}
    ending = [_choice({}, "stop"), json.dumps({"choices": [], "usage": usage}), "[DONE]"]
    return parts("".join(f"data: {line}\n\n" for line in said + ending).encode(), size)


def tgi(*pieces: str, size: int = 7) -> list[bytes]:
    """Return the parts of an answer as Text Generation Inference streams it, *size* bytes each."""
    return parts(b"".join(_tgi_lines(pieces)), size)


def parts(payload: bytes, size: int) -> list[bytes]:
    """Cut *payload* every *size* bytes, through lines and characters."""
    return [payload[start : start + size] for start in range(0, len(payload), size)]


def _choice(delta: Mapping[str, str], finished: str | None) -> str:
    return json.dumps({"choices": [{"index": 0, "delta": delta, "finish_reason": finished}]}, ensure_ascii=False)


def _tgi_lines(pieces: Sequence[str]) -> Iterator[bytes]:
    for number, piece in enumerate(pieces, 1):
        last = number == len(pieces)
        token = {"id": number, "text": piece, "logprob": -0.1, "special": False}
        details = {"finish_reason": "eos_token", "generated_tokens": len(pieces), "input_length": 20}
        said = {"index": number, "token": token, "generated_text": "".join(pieces) if last else None}
        yield f"data:{json.dumps({**said, 'details': details if last else None}, ensure_ascii=False)}\n\n".encode()


async def _frames(answer: Sequence[Part]) -> AsyncIterator[bytes]:
    for part in answer:
        match part:
            case asyncio.Event():
                await part.wait()
            case Failure():
                yield frames.exception(part.code, {"Message": part.message})
                return
            case bytes():
                yield frames.event("PayloadPart", part)
