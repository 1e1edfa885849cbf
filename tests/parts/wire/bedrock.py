"""Bedrock's ConverseStream: answers that a test wrote, piece by piece, as frames of the event stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from tests.parts.wire import frames
from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import EVENT_STREAM, Handler, Reply, stream

_CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True)
class Thought:
    """A piece of the model's reasoning, which is no part of its answer."""

    text: str


@dataclass(frozen=True)
class Failure:
    """A modelled exception in the middle of the stream, such as `modelStreamErrorException`."""

    code: str
    message: str = "The model failed while streaming."


Piece = str | Thought | Failure | asyncio.Event


@dataclass(frozen=True)
class Answer:
    """What a model says: an event among the pieces holds back what comes after it until it is set."""

    pieces: tuple[Piece, ...]
    stop: str = "end_turn"


def says(*pieces: Piece, stop: str = "end_turn") -> Answer:
    """Return the answer of these *pieces*."""
    return Answer(pieces, stop)


class Converse:
    """Models that give *answers* in order, and the last again; one of *refuses* doesn't take what stands there.

    *refuses* has the names of fields of `inferenceConfig` by model, and `prefill` for a conversation that ends with the
    assistant's words. Prompts are cached up to their cache point, as the usage tells.
    """

    def __init__(
        self, *answers: Answer | Callable[[Call], Answer], refuses: Mapping[str, frozenset[str]] | None = None
    ) -> None:
        self.answers = answers
        self.refuses = refuses or {}
        self._asked = 0
        self._cached: set[str] = set()

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("bedrock-runtime", "ConverseStream"): self._converse}

    async def _converse(self, call: Call) -> Reply:
        _check(call.arguments, self.refuses.get(call.arguments["modelId"], frozenset()))
        answer = self.answers[min(self._asked, len(self.answers) - 1)]
        self._asked += 1
        given = answer if isinstance(answer, Answer) else answer(call)
        return stream(EVENT_STREAM, self._frames(given, self._input_usage(call.arguments)))

    async def _frames(self, answer: Answer, usage: dict[str, int]) -> AsyncIterator[bytes]:
        yield _event("messageStart", role="assistant")
        said = 0
        for piece in answer.pieces:
            match piece:
                case asyncio.Event():
                    await piece.wait()
                case Failure():
                    yield frames.exception(piece.code, {"message": piece.message})
                    return
                case Thought():
                    yield _delta({"reasoningContent": {"text": piece.text}})
                case str():
                    said += len(piece)
                    yield _delta({"text": piece})
        for event in _ending(answer.stop, usage, said // _CHARACTERS_PER_TOKEN + 1):
            yield event

    def _input_usage(self, asked: Mapping[str, Any]) -> dict[str, int]:
        system = asked.get("system", [])
        marked = next((place for place, block in enumerate(system) if "cachePoint" in block), None)
        total = len(json.dumps([system, asked["messages"]])) // _CHARACTERS_PER_TOKEN
        if marked is None:
            return {"inputTokens": total}
        prefix = json.dumps([asked["modelId"], system[:marked]])
        kind = "cacheReadInputTokens" if prefix in self._cached else "cacheWriteInputTokens"
        self._cached.add(prefix)
        cached = len(prefix) // _CHARACTERS_PER_TOKEN
        none = {"cacheReadInputTokens": 0, "cacheWriteInputTokens": 0}
        return {"inputTokens": max(total - cached, 1), **none, kind: cached}


def _event(name: str, **value: object) -> bytes:
    return frames.event(name, {**value, "p": "abcdefghij"})


def _delta(delta: Mapping[str, object]) -> bytes:
    return _event("contentBlockDelta", contentBlockIndex=0, delta=delta)


def _ending(stop: str, usage: Mapping[str, int], said: int) -> list[bytes]:
    total = sum(usage.values()) + said
    return [
        _event("contentBlockStop", contentBlockIndex=0),
        _event("messageStop", stopReason=stop),
        _event("metadata", usage={**usage, "outputTokens": said, "totalTokens": total}, metrics={"latencyMs": 250}),
    ]


def _check(asked: Mapping[str, Any], refused: frozenset[str]) -> None:
    """Refuse what the service refuses of any model's conversation, and what this model does."""
    roles = [message["role"] for message in asked["messages"]]
    if roles[:1] != ["user"]:
        raise Refusal("ValidationException", "A conversation must start with a user message.")
    if any(one == next_ for one, next_ in pairwise(roles)):
        raise Refusal("ValidationException", "Roles must alternate between user and assistant.")
    for number, message in enumerate(asked["messages"]):
        if any(not block.get("text", "-").strip() for block in message["content"]):
            raise Refusal("ValidationException", f"The text field at messages.{number}.content is blank.")
    for name in sorted(refused & asked.get("inferenceConfig", {}).keys()):
        raise Refusal("ValidationException", f"The model does not support {name}.")
    if "prefill" in refused and roles[-1] == "assistant":
        raise Refusal("ValidationException", "This model does not support assistant message prefill.")
