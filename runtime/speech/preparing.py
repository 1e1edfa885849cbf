"""A text as it is said, and the way back: what is marked or heard are places in the text that was shown.

What is said is made of runs of the shown text and of other words in place of some of it. A place in a run is the same
place in the shown text; of other words none is heard before all of them are.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runtime.speech.hearing import Words
from runtime.speech.wording import RULES, said

_WORD, _SOUND = re.compile(r"\S+"), re.compile(r"[^\W_]")
_PROSE = re.compile(r"\s*[a-zA-Z ,'!?]*\.?")


@dataclass(frozen=True, slots=True)
class _Part:
    """What is said from *said* on, in place of *start* to *end* of the shown text; a *run* is said as it is shown."""

    said: int
    start: int
    end: int
    run: bool


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is *said* of a text that is *shown*."""

    shown: str
    said: str
    _parts: tuple[_Part, ...]

    def marked(self, words: Words) -> Words:
        """Return the marks *words* of what is said as marks of what is shown."""
        known = ((ms, start, end) for ms, start, end in words if 0 <= start < end <= len(self.said))
        return tuple(_merged((ms, *self._shown(start, end)) for ms, start, end in known))

    def placed(self, ms: int) -> Words:
        """Return marks of what is shown for a voice that tells none: in proportion to what is said in *ms*."""
        found = _WORD.finditer(self.said)
        return self.marked([(round(ms * word.start() / len(self.said)), *word.span()) for word in found])

    def _shown(self, start: int, end: int) -> tuple[int, int]:
        first, last = self._part(start), self._part(end - 1)
        return (
            first.start + start - first.said if first.run else first.start,
            last.start + end - last.said if last.run else last.end,
        )

    def _part(self, place: int) -> _Part:
        return self._parts[bisect_right(self._parts, place, key=lambda part: part.said) - 1]


def prepare(text: str) -> Prepared:
    """Return what is said of *text*: its words, without what only eyes can read; nothing where there are none."""
    if _is_prose(text):
        return Prepared(text, text, (_Part(0, 0, len(text), run=True),))
    spoken, parts, place = "", [], 0
    for found in RULES.finditer(text):
        if found.start() > place:
            parts.append(_Part(len(spoken), place, found.start(), run=True))
            spoken += text[place : found.start()]
        if instead := said(found):
            parts.append(_Part(len(spoken), *found.span(), run=False))
            spoken += instead
        place = found.end()
    if place < len(text):
        parts.append(_Part(len(spoken), place, len(text), run=True))
        spoken += text[place:]
    return Prepared(text, spoken, tuple(parts)) if _SOUND.search(spoken) else Prepared(text, "", ())


def _is_prose(text: str) -> bool:
    """Say whether *text* has nothing but words, as most have: that is known ten times sooner."""
    if not _PROSE.fullmatch(text) or not _SOUND.search(text):
        return False
    return RULES.search(text, text.rfind(" ") + 1) is None


def _merged(words: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, int, int]]:
    """Yield *words* in their order, those that share a place in the text as one."""
    held: tuple[int, int, int] | None = None
    for ms, start, end in words:
        if held is not None and start < held[2]:
            held = (held[0], held[1], max(end, held[2]))
            continue
        if held is not None:
            yield held
        held = (max(ms, held[0]) if held else ms, start, end)
    if held is not None:
        yield held
