"""What was heard: an utterance at a time, said again with each guess until it is final."""

from __future__ import annotations

from msgspec import Struct

RATE = 16_000
BYTES_A_SECOND = 2 * RATE


class Word(Struct, frozen=True, array_like=True):
    """A word and when it was said, in seconds of the stream's sound; once *stable* it is not heard otherwise again."""

    text: str
    start: float
    end: float
    stable: bool = False


class Utterance(Struct, frozen=True, array_like=True):
    """What is known of what was said without a pause, as of *end*; the same *number* replaces what it said before."""

    number: int
    start: float
    end: float
    final: bool
    words: tuple[Word, ...]
