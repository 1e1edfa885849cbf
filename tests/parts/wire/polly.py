"""Polly's SynthesizeSpeech: audio in pieces that end anywhere, speech marks as lines of JSON."""

from __future__ import annotations

import asyncio
import json
import re
from array import array
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Handler, Reply, stream

_MS_PER_CHARACTER = 60
_RATES = {"8000", "16000"}
_MARKS = {"word", "sentence"}
_LONGEST = 3000


def pcm(text: str, rate: int = 16_000) -> bytes:
    """Return the audio that `Polly` makes of *text*: 60 ms a character, each sample another than the one before."""
    samples = len(text) * _MS_PER_CHARACTER * rate // 1000
    return array("h", [number % 20_011 - 10_005 for number in range(samples)]).tobytes()


class Polly:
    """A voice; its audio comes in pieces of *piece* bytes, those after the first *held_at* once *until* is set."""

    def __init__(self, piece: int = 1001, held_at: int = 0, until: asyncio.Event | None = None) -> None:
        self.piece = piece
        self.held_at = held_at
        self.until = until

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("polly", "SynthesizeSpeech"): self._speak}

    async def _speak(self, call: Call) -> Reply:
        asked = {"SampleRate": "16000", "Engine": "standard", **call.arguments}
        _check(asked)
        text = asked["Text"]
        told = {"x_amzn_RequestCharacters": str(len(text))}
        if asked["OutputFormat"] == "json":
            lines = "".join(json.dumps(mark) + "\n" for mark in marks(text, asked["SpeechMarkTypes"]))
            return stream("application/x-json-stream", self._cut(lines.encode()), **told)
        return stream("audio/pcm", self._cut(pcm(text, int(asked["SampleRate"]))), **told)

    async def _cut(self, body: bytes) -> AsyncIterator[bytes]:
        for number, start in enumerate(range(0, len(body), self.piece)):
            if self.until and number == self.held_at:
                await self.until.wait()
            yield body[start : start + self.piece]


def marks(text: str, types: list[str]) -> Iterator[dict[str, Any]]:
    """Yield the marks of *text*: *start* and *end* are bytes of its UTF-8, *time* milliseconds of its audio."""
    if "sentence" in types:
        yield {"time": 0, "type": "sentence", "start": 0, "end": len(text.encode()), "value": text}
    for found in re.finditer(r"[\w'’]+", text) if "word" in types else ():
        start, end = (len(text[:place].encode()) for place in found.span())
        time = found.start() * _MS_PER_CHARACTER
        yield {"time": time, "type": "word", "start": start, "end": end, "value": found.group()}


def _check(asked: Mapping[str, Any]) -> None:
    if len(asked["Text"]) > _LONGEST:
        raise Refusal("TextLengthExceededException", "Maximum text length has been exceeded")
    if asked["OutputFormat"] not in {"pcm", "json"}:
        raise Refusal("ValidationException", "this part makes pcm and json only")
    if asked["OutputFormat"] == "pcm" and asked["SampleRate"] not in _RATES:
        raise Refusal("InvalidSampleRateException", "Unsupported sample rate.")
    if bool(asked.get("SpeechMarkTypes")) != (asked["OutputFormat"] == "json"):
        raise Refusal("MarksNotSupportedForFormatException", "Speech marks are only supported for the json format.")
    if asked.get("SpeechMarkTypes") and asked["Engine"] == "generative":
        raise Refusal("EngineNotSupportedException", "This engine does not support speech marks.")
