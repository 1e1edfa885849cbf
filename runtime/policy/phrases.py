"""Finds phrases of whole words in running text, however they are written, without asking each phrase.

A phrase is looked up by one word that is rare in ordinary speech, so that a sentence without such words costs little more
than being split. Notation: `{a|b c}` one of several, `[a]` may be left out, `...` up to three words of any kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from runtime.policy.reading import STOP, disguised, squeeze, words

Slot = frozenset[str] | None  # None: up to three words of any kind.

_GAP = 3
_SQUEEZABLE = 4
_PARTS = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\.\.\.|[^\s{}\[\]]+")
# Words too frequent to look a phrase up by.
_FREQUENT = frozenset(
    "a about all am an and any are as at away back be because been being better but by can cant child children come could "
    "day did do does dont down else end ever every everyone feel find for from gave get getting give go going good got had "
    "has have having he help her here him his home hope house how i if ill im in into is it its ive just keep kid kids know "
    "left let life like little live living look love make makes making man me mean more much my need never new no nobody not nothing now of "
    "off old on one only open or other our out over people person please point put really right said say see should so "
    "some someone something stop take taking talk tell than that the their them themselves then there these they thing "
    "things think this time to today tonight too took up us very want wanna wants was way we well were what when where "
    "which who why will wish with without woman women work world would year years you young your yours".split()
)


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for under one *label*; a hit that shares a word with one of the *exceptions* is none."""

    label: str
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pattern:
    label: str
    behind: tuple[Slot, ...]  # From the looked-up word towards the beginning.
    ahead: tuple[Slot, ...]
    excepts: bool


class Phrases:
    """All phrases of some rules, ready to be found in one pass."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Compile *rules*."""
        self._index: dict[str, list[_Pattern]] = {}
        self._known: set[str] = set()
        for rule in rules:
            for phrase in rule.phrases:
                self._add(rule.label, phrase, excepts=False)
            for phrase in rule.exceptions:
                self._add(rule.label, phrase, excepts=True)
        self._squeezed = {squeeze(word): word for word in self._known if len(word) >= _SQUEEZABLE}

    def find(self, text: str, before: str = "") -> frozenset[str]:
        """Return the labels of the phrases that end in *text*; they may begin in what stood *before* it."""
        found = self._labels(before + text)
        if found and before:
            found -= self._labels(before)
        return frozenset(+found)

    def _labels(self, text: str) -> Counter[str]:
        plain = Counter(self._hits(words(text)))
        hidden = disguised(text, self._known, self._squeezed)
        return plain | Counter(self._hits(hidden)) if hidden else plain

    def _hits(self, found: Sequence[str]) -> Iterator[str]:
        if self._index.keys().isdisjoint(found):
            return
        spans = list(self._spans(found))
        exceptions = [(label, start, end) for label, start, end, excepts in spans if excepts]
        hits = {(label, start, end) for label, start, end, excepts in spans if not excepts}
        for label, start, end in hits:
            if not any(name == label and start < until and since < end for name, since, until in exceptions):
                yield label

    def _spans(self, found: Sequence[str]) -> Iterator[tuple[str, int, int, bool]]:
        for place, word in enumerate(found):
            for pattern in self._index.get(word, ()):
                start = _walk(found, place - 1, pattern.behind, -1)
                end = _walk(found, place + 1, pattern.ahead, 1)
                if start is not None and end is not None:
                    yield pattern.label, start + 1, end, pattern.excepts

    def _add(self, label: str, phrase: str, *, excepts: bool) -> None:
        for slots in _slots(phrase):
            anchor = max(range(len(slots)), key=lambda place: _rarity(slots[place]))
            pattern = _Pattern(label, slots[:anchor][::-1], slots[anchor + 1 :], excepts)
            for word in slots[anchor] or ():
                self._index.setdefault(word, []).append(pattern)
            self._known.update(word for slot in slots if slot for word in slot)


def _walk(found: Sequence[str], place: int, slots: tuple[Slot, ...], step: int) -> int | None:
    """Return the place after the last word of *slots*, going by *step* from *place*; None where they don't fit."""
    for number, slot in enumerate(slots):
        if slot is None:
            return _leap(found, place, slots[number + 1 :], step)
        if not 0 <= place < len(found) or found[place] not in slot:
            return None
        place += step
    return place


def _leap(found: Sequence[str], place: int, slots: tuple[Slot, ...], step: int) -> int | None:
    """Return where *slots* end when up to three words of one sentence are left out before them."""
    for skipped in range(_GAP + 1):
        end = _walk(found, place + skipped * step, slots, step)
        if end is not None:
            return end
        here = place + skipped * step
        if not 0 <= here < len(found) or found[here] == STOP:
            return None
    return None


def _rarity(slot: Slot) -> tuple[bool, float, int]:
    """Rank a slot as the one to look a phrase up by: the fewer frequent words in it the better, then the fewer words."""
    if slot is None:
        return (False, 0.0, 0)
    return (True, -len(slot & _FREQUENT) / len(slot), -len(slot))


def _slots(phrase: str) -> Iterator[tuple[Slot, ...]]:
    """Yield each way to read *phrase*, its single-word alternatives together in one slot."""
    for choice in product(*(_ways(part) for part in _PARTS.findall(phrase))):
        yield tuple(slot for way in choice for slot in way)


def _ways(part: str) -> list[tuple[Slot, ...]]:
    if part == "...":
        return [(None,)]
    alternatives = [tuple(words(one)) for one in part.strip("{}[]").split("|")]
    single = frozenset(one[0] for one in alternatives if len(one) == 1)
    ways: list[tuple[Slot, ...]] = [tuple(frozenset({word}) for word in one) for one in alternatives if len(one) > 1]
    return ways + ([(single,)] if single else []) + ([()] if part.startswith("[") else [])
