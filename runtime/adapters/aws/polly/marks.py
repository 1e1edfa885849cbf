"""Polly's speech marks: lines of JSON whose places are bytes of the text's UTF-8; ours are code points."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from runtime.conversation import Marks
from runtime.errors import Unavailable


class _Mark(msgspec.Struct):
    time: int
    type: str
    start: int
    end: int


_LINES: Final = msgspec.json.Decoder(_Mark)


def read(lines: bytes, text: str) -> Marks:
    """Return the marks of the words of *text* that *lines* hold; raise `Unavailable` for what are none."""
    try:
        found = [_LINES.decode(line) for line in lines.splitlines() if line.strip()]
        return Marks(tuple(_words(found, text.encode("utf-8", "surrogatepass"))))
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unavailable("the voice sent marks that are none") from error


def _words(marks: list[_Mark], encoded: bytes) -> Iterator[tuple[int, int, int]]:
    for mark in marks:
        if mark.type == "word":
            start, end = (len(encoded[:place].decode("utf-8", "surrogatepass")) for place in (mark.start, mark.end))
            yield mark.time, start, end
