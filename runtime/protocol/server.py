"""What the server sends: frames as types, encoded once and never changed after."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Final, Literal

import msgspec
from msgspec import UNSET, Struct, UnsetType

from runtime.conversation import Erasure

SUBPROTOCOL: Final = "companion.v1"
NoticeKind = Literal["shed_voice", "shed_memory", "disclosure", "break", "crisis", "cut"]


class Frame(Struct, frozen=True, omit_defaults=False, tag_field="type", tag=str.lower):
    """A frame that the server sends; its `type` is the class's name in lower case."""


class Accepted(Frame, frozen=True):
    """The turn is kept and will be answered; *position* turns of this user come before it."""

    turn: str
    position: int


class Text(Frame, frozen=True):
    """One released chunk of an answer; the deltas in the order of *seq* are the whole answer."""

    turn: str
    seq: int
    chunk: int
    delta: str


class Notice(Frame, frozen=True):
    """Something the person should know about this turn."""

    turn: str
    seq: int
    kind: NoticeKind
    text: str


class Tokens(Struct, frozen=True):
    """Tokens of one answer."""

    input_tokens: int
    output_tokens: int


class Done(Frame, frozen=True):
    """The end of an answered turn; *timings* are milliseconds from admission: {stage: (start, end)}."""

    turn: str
    seq: int
    stopped: bool
    blocked: bool
    timings: dict[str, tuple[float, float]]
    usage: Tokens
    recalled: list[str]
    why: dict[str, list[str]]


class Audio(Frame, frozen=True):
    """A part of a chunk's audio; *data* is base64 of at most 24 KB, *last* of the chunk."""

    turn: str
    chunk: int
    part: int
    format: Literal["pcm_16000", "mp3"]
    data: str
    last: bool


class Marks(Frame, frozen=True):
    """When each word of a chunk is heard: (offset in ms, start, end in code points of the chunk's delta)."""

    turn: str
    chunk: int
    words: list[tuple[int, int, int]]


class Busy(Frame, frozen=True):
    """The turn was not answered for want of capacity; the same `send` is a new attempt."""

    turn: str
    retry_after_ms: int


class Trimmed(Frame, frozen=True):
    """The stored reply was cut to its first *chars* code points, as heard."""

    turn: str
    chars: int


class HistoryTurn(Struct, frozen=True):
    """A finished turn as shown again after a reload."""

    turn: str
    at: str
    text: str
    reply: str


class History(Frame, frozen=True):
    """Finished turns, newest first; *cursor* asks for the ones before them."""

    turns: list[HistoryTurn]
    cursor: str | UnsetType = UNSET


class Listen(Frame, frozen=True):
    """Where to stream microphone audio to, until when."""

    url: str
    expires_at: str


class MemoryRecord(Struct, frozen=True, rename={"from_": "from"}):
    """A memory as shown to the user whose it is."""

    memory: str
    text: str
    kind: Literal["said", "fact"]
    speaker: str
    at: str
    from_: str | UnsetType = UNSET
    until: str | UnsetType = UNSET
    replaces: str | UnsetType = UNSET
    expires: str | UnsetType = UNSET
    source: str | UnsetType = UNSET


class Memories(Frame, frozen=True):
    """What is remembered; *cursor* asks for more."""

    records: list[MemoryRecord]
    cursor: str | UnsetType = UNSET


class Forgotten(Frame, frozen=True):
    """The memory is gone."""

    memory: str


class Export(Frame, frozen=True):
    """A part of the export: JSON lines."""

    part: int
    last: bool
    data: str


class Erased(Frame, frozen=True):
    """What was erased, by store, and whether a second pass found nothing."""

    manifest: dict[str, int]
    verified: bool
    backups_until: str | UnsetType = UNSET


class Error(Frame, frozen=True):
    """Why a frame or a turn was refused, and what to do instead."""

    code: str
    message: str
    action: str | UnsetType = UNSET
    turn: str | UnsetType = UNSET
    memory: str | UnsetType = UNSET
    retry_after_ms: int | UnsetType = UNSET


class Pong(Frame, frozen=True):
    """The connection is open."""


AnyFrame = (
    Accepted
    | Text
    | Notice
    | Done
    | Audio
    | Marks
    | Busy
    | Trimmed
    | History
    | Listen
    | Memories
    | Forgotten
    | Export
    | Erased
    | Error
    | Pong
)
Durable = Text | Notice | Done

_encoder = msgspec.json.Encoder()


def encode(frame: Frame) -> bytes:
    """Return *frame* as it goes over the wire."""
    return _encoder.encode(frame)


def decode(frame: bytes) -> AnyFrame:
    """Return the server frame that *frame* encodes; raise `msgspec.DecodeError` for anything else."""
    return _decoder().decode(frame)


@cache
def _decoder() -> msgspec.json.Decoder[AnyFrame]:
    """Return what reads all frames, made when the first is read: who lets turns in reads none."""
    return msgspec.json.Decoder(AnyFrame)


def erased(erasure: Erasure) -> Erased:
    """Return the frame that says how an erasure ended."""
    until = UNSET if erasure.backups_until is None else instant(erasure.backups_until)
    return Erased(manifest=erasure.manifest, verified=erasure.verified, backups_until=until)


def instant(seconds: float) -> str:
    """Write Unix *seconds* as RFC 3339 in UTC, to the millisecond."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
