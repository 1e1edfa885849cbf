"""What remains of a turn: its last frame, what was heard of the reply, and what must not be kept."""

from __future__ import annotations

from msgspec import Struct, field
from msgspec.structs import replace

from runtime.conversation import Entry, Recalled, Usage
from runtime.protocol import server
from runtime.speech import Timeline


class Ending(Struct, frozen=True):
    """How an answer ended; *heard*: code points of it to be remembered as said, None: the exchange is not kept.

    *asked* is what was said as it may be kept (masked where the policy masks), None: as it stands.
    """

    asked: str | None = None
    heard: int | None = None
    stopped: bool = False
    blocked: bool = False
    usage: Usage = field(default_factory=Usage)
    recalled: tuple[Recalled, ...] = ()
    timeline: Timeline = ()

    def frame(self, turn: str, seq: int, timings: dict[str, tuple[float, float]]) -> server.Done:
        """Return the `done` frame that says so."""
        return server.Done(
            turn=turn,
            seq=seq,
            stopped=self.stopped,
            blocked=self.blocked,
            timings=timings,
            usage=server.Tokens(self.usage.input_tokens, self.usage.output_tokens),
            recalled=[recalled.memory.id for recalled in self.recalled],
            why={recalled.memory.id: list(recalled.legs) for recalled in self.recalled},
        )


def redacted(entry: Entry) -> Entry:
    """Return *entry* without a word of what was said in it: numbers and order of its frames stay."""
    frames = tuple(_without_text(frame) for frame in entry.frames)
    return replace(entry.with_turn(text=""), frames=frames)


def released(frames: tuple[bytes, ...]) -> tuple[str, ...]:
    """Return the text of each chunk in *frames*."""
    decoded = (server.decode(frame) for frame in frames)
    return tuple(frame.delta for frame in decoded if isinstance(frame, server.Text))


def noticed(frames: tuple[bytes, ...]) -> frozenset[str]:
    """Return the kinds of the notices in *frames*."""
    decoded = (server.decode(frame) for frame in frames)
    return frozenset(frame.kind for frame in decoded if isinstance(frame, server.Notice))


def _without_text(frame: bytes) -> bytes:
    decoded = server.decode(frame)
    if not isinstance(decoded, server.Text):
        return frame
    return server.encode(server.Text(turn=decoded.turn, seq=decoded.seq, chunk=decoded.chunk, delta=""))
