"""Transcribe's events as bytes: the sound of an AudioEvent, and what is told of it as TranscriptEvent or exception."""

from __future__ import annotations

from typing import Final, Literal

import msgspec
from msgspec import Struct

from runtime.adapters.local.recognition.utterance import Utterance, Word
from runtime.errors import BadFrame, Busy, Failure, RateLimited, Refused
from runtime.server.transcription import event_stream

_JSON: Final = "application/json"
_encode = msgspec.json.Encoder().encode


class Item(Struct, frozen=True, rename="pascal"):
    """A word, in seconds of the stream."""

    content: str
    start_time: float
    end_time: float
    stable: bool
    type: Literal["pronunciation"] = "pronunciation"
    vocabulary_filter_match: bool = False


class Alternative(Struct, frozen=True, rename="pascal"):
    """One way to understand it."""

    transcript: str
    items: tuple[Item, ...]


class Result(Struct, frozen=True, rename="pascal"):
    """An utterance, as far as it is known; a later one with the same id replaces it."""

    result_id: str
    start_time: float
    end_time: float
    is_partial: bool
    alternatives: tuple[Alternative, ...]
    channel_id: str = "ch_0"


class Transcript(Struct, frozen=True, rename="pascal"):
    """What is new."""

    results: tuple[Result, ...]


class TranscriptEvent(Struct, frozen=True, rename="pascal"):
    """The payload of the event of that name."""

    transcript: Transcript


def sound(message: bytes) -> bytes:
    """Return the sound of an AudioEvent, empty at its end; raise `BadFrame` for any other message."""
    headers, payload = event_stream.decode(message)
    kind, name = headers.get(":message-type"), headers.get(":event-type")
    if (kind, name) != ("event", "AudioEvent"):
        raise BadFrame("only events of the type AudioEvent are understood")
    if len(payload) % 2:
        raise BadFrame(f"got {len(payload)} bytes of audio, where each sample has two")
    return payload


def transcript(utterance: Utterance, stream: str) -> bytes:
    """Return the event that tells what was heard in the stream named *stream*."""
    words = tuple(map(_item, utterance.words))
    alternative = Alternative(" ".join(word.content for word in words), words)
    result = Result(f"{stream}-{utterance.number}", utterance.start, utterance.end, not utterance.final, (alternative,))
    headers = {":event-type": "TranscriptEvent", ":content-type": _JSON, ":message-type": "event"}
    return event_stream.encode(headers, _encode(TranscriptEvent(Transcript((result,)))))


def exception(failure: Failure) -> bytes:
    """Return the event that ends a stream because of *failure*, whose message is for the user."""
    headers = {":exception-type": _name(failure), ":content-type": _JSON, ":message-type": "exception"}
    return event_stream.encode(headers, _encode({"Message": str(failure)}))


def _item(word: Word) -> Item:
    return Item(word.text, word.start, word.end, word.stable)


def _name(failure: Failure) -> str:
    if isinstance(failure, Busy | RateLimited):
        return "LimitExceededException"
    return "BadRequestException" if isinstance(failure, Refused) else "InternalFailureException"
