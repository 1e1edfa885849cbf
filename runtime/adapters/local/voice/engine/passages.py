"""A text in passages that an engine makes one at a time, in letters that it knows, with the way back to the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

_LONGEST: Final = 200  # Characters; an engine plans a whole passage before its first sound.
_END: Final = re.compile(r"[.!?…]+[\"'”’»)\]]*\s+")
_PAUSE: Final = re.compile(r"[,;:]\s+|\s+")
_PLAIN: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": " - ", "—": " - ", "…": "...", "ß": "ss"})


class Passage(NamedTuple):
    """A part of a text: *plain* is its ASCII, *origin* the place in the text of each of its characters."""

    plain: str
    origin: tuple[int, ...]

    def places(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the text stands what is at *start* to *end* here."""
        return self.origin[start], self.origin[end - 1] + 1


def passages(text: str) -> Iterator[Passage]:
    """Cut *text* after its sentences, and a long one after a pause; what no letter is known for is left out."""
    for start, end in _cuts(text):
        plain, origin = "", []
        for place in range(start, end):
            letters = _folded(text[place])
            plain += letters
            origin += [place] * len(letters)
        if any(letter.isalnum() for letter in plain):
            yield Passage(plain, tuple(origin))


def _cuts(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for end in [*(found.end() for found in _END.finditer(text)), len(text)]:
        while end - start > _LONGEST:
            pauses = [found.end() for found in _PAUSE.finditer(text, start, start + _LONGEST)]
            cut = pauses[-1] if pauses else start + _LONGEST
            yield start, cut
            start = cut
        yield start, end
        start = end


def _folded(character: str) -> str:
    """Return *character* in ASCII: without its accent, or nothing."""
    if character.isascii():
        return character if character.isprintable() else " "
    plain = unicodedata.normalize("NFKD", character.translate(_PLAIN))
    return plain.encode("ascii", "ignore").decode("ascii")
