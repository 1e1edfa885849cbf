"""Which words of an answer were heard by when."""

from __future__ import annotations

from collections.abc import Sequence

from runtime.conversation import Heard

Words = Sequence[tuple[int, int, int]]
"""When each word of a chunk begins, in milliseconds of its audio, and its place in the chunk's text."""

Timeline = tuple[tuple[int, int], ...]
"""By which millisecond of a turn's audio how many code points of its reply were heard in full."""


def spoken(length: int, ms: int, words: Words, *, from_ms: int, from_char: int) -> Timeline:
    """Return the timeline of one chunk: *length* code points that last *ms*, and begin in the turn where it is said.

    A word is heard when the next one starts, the last one when the chunk ends.
    """
    ends = [offset for offset, _, _ in words[1:]]
    points = [(from_ms + until, from_char + end) for until, (_, _, end) in zip(ends, words, strict=False)]
    return (*points, (from_ms + ms, from_char + length))


def heard_chars(heard: Heard, timeline: Timeline, released: int) -> int:
    """Return how many of the *released* code points were heard; without a position, or without audio, all of them."""
    if heard.chars is not None:
        return min(heard.chars, released)
    if heard.ms is None or not timeline:
        return released
    return min(max((chars for ms, chars in timeline if ms <= heard.ms), default=0), released)
