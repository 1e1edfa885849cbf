"""What a client may send: decoding is validation, because every limit stands in the type."""

from __future__ import annotations

from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from runtime.errors import BadFrame, TooLarge
from runtime.protocol import refusal

FRAME_BYTES: Final = 32_000
TRANSPORT_BYTES: Final = 32_768  # API Gateway closes above this, and so do we.

Id = Annotated[str, Meta(pattern=refusal.ID, description="a lower-case, dashed uuid")]
Text = Annotated[str, Meta(min_length=1, max_length=4_000)]
Correction = Annotated[str, Meta(min_length=1, max_length=1_000)]
Query = Annotated[str, Meta(max_length=1_000)]
Cursor = Annotated[str, Meta(min_length=1, max_length=200)]
Count = Annotated[int, Meta(ge=0, le=2**31 - 1)]
UserId = Annotated[str, Meta(pattern=r"\A[A-Za-z0-9._:@-]{1,128}\Z", description="your own user id")]
Language = Annotated[str, Meta(pattern=r"\A[a-z]{2,3}-[A-Z]{2}\Z", description="a language as in en-US")]


class Frame(Struct, frozen=True, forbid_unknown_fields=True, tag_field="action", tag=str.lower):
    """A frame that a client sends; its `action` is the class's name in lower case."""


class Send(Frame, frozen=True):
    """Say something: one turn."""

    turn: Id
    text: Text
    voice: bool = False
    private: bool = False


class Interrupt(Frame, frozen=True):
    """Stop an answer, or trim one that is done to what was heard of it."""

    turn: Id
    heard_ms: Count | UnsetType = UNSET
    heard_chars: Count | UnsetType = UNSET

    def __post_init__(self) -> None:
        """Refuse two positions at once."""
        if self.heard_ms is not UNSET and self.heard_chars is not UNSET:
            raise ValueError("`heard_ms`, `heard_chars`: got both, allowed is the one that was measured")


class Resume(Frame, frozen=True):
    """Ask for the durable frames of a turn after the last one seen (-1: none was)."""

    turn: Id
    after: Annotated[int, Meta(ge=-1, le=2**31 - 1)]


class History(Frame, frozen=True):
    """Ask for finished turns, newest first."""

    before: Cursor | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=50)] = 20


class Listen(Frame, frozen=True):
    """Ask for an address to stream microphone audio to."""

    rate: Literal[16000]
    language: Language


class Memories(Frame, frozen=True):
    """Look at what is remembered, all of it or what fits a query."""

    query: Query | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=100)] = 50
    cursor: Cursor | UnsetType = UNSET


class Correct(Frame, frozen=True):
    """Replace the text of a memory by the user's own."""

    memory: Id
    text: Correction


class Forget(Frame, frozen=True):
    """Drop a memory and everything that was made from it."""

    memory: Id


class Export(Frame, frozen=True):
    """Ask for everything that is kept about the user."""


class Erase(Frame, frozen=True):
    """Drop everything that is kept about the user; *confirm* is the user's own id."""

    confirm: UserId


class Ping(Frame, frozen=True):
    """Keep the connection open."""


AnyFrame = (
    Send | Interrupt | Resume | History | Listen | Memories | Correct | Forget | Export | Erase | Ping
)  # The order is that of the protocol's table.
KINDS: Final[dict[str, type[Frame]]] = {kind.__name__.lower(): kind for kind in get_args(AnyFrame)}

_decoder: msgspec.json.Decoder[AnyFrame] = msgspec.json.Decoder(AnyFrame)


def parse(frame: bytes) -> AnyFrame:
    """Return the client frame that *frame* encodes; raise `BadFrame` or `TooLarge`."""
    if len(frame) > FRAME_BYTES:
        raise TooLarge(f"the frame has {len(frame):,} bytes; {FRAME_BYTES:,} are allowed: send less in one frame")
    try:
        return _decoder.decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadFrame(refusal.explain(frame, KINDS)) from None
