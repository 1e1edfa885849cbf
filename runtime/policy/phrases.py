"""Finds phrases of whole words in running text, however they are written, without asking each phrase.

A phrase is looked up by a word that is rare in ordinary speech, so that a sentence without such words costs little more
than being split. Notation: `{a|b c}` one of several, `[a]` may be left out, `...` up to three words of any kind.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec import Struct

from runtime.policy.reading import STOP, readings, squeeze, words

_GAP = 3
_SQUEEZABLE = 4
_PARTS = re.compile(r"\{[^}]*\}|\[[^\]]*\]|\.\.\.|[^\s{}\[\]]+")
# Words too frequent to look a phrase up by, if it has another.
_FREQUENT = frozenset(
    """a about again all alone am an and any are as ask asked at away back bad be because been before being
    best better big bit both boy boys but by by call came can cant children come could day did didnt do does
    dont down drink each eat end even ever every everybody everyone face feel feeling feels feels find food
    for from gave get gets getting girl girls give go goes going good got great guy had happy hard has have
    havent having he hear help her here him his home hope hours house how i id if ill im in inside into is
    isnt it its ive just keep kid kids kind know known last late left let lets life like little live living
    long look looking lot love made make makes making man many me mean men might mind month months more
    morning most mother much must my myself name need needs never new next nice night no nobody not nothing
    now of off often oh ok old on once one only open or other our out over own past people person place plan
    play please point put quite read ready real really reason right run said same say saying says see seen
    should show since sleep so some somebody someone something soon start still stop story such sure take
    taking talk tell than thank that thats the their them then there theres these they theyre thing things
    think thinking this those though thought time to today together told tomorrow tonight too took tried true
    try trying two until up us use very walk wanna want wanted wants was water way we week well went were what
    when where which while who why will wish with without woman women wonderful wont word words work working
    world would write year years yes yet you young your youre yours yourself
    """.split()  # noqa: SIM905 - a list of words is read as words
)


class Rule(Struct, frozen=True):
    """What is looked for under one *label*; a hit that shares a word with one of the *exceptions* is none."""

    label: str
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...] = ()


class _Part(NamedTuple):
    """One step of a phrase: one of *single* words, or one of *longer* ways; a gap has neither."""

    single: frozenset[str]
    longer: tuple[tuple[str, ...], ...]
    optional: bool

    @property
    def ways(self) -> tuple[tuple[str, ...], ...]:
        """Return all ways, as words."""
        return (*((word,) for word in self.single), *self.longer)


class _Entry(NamedTuple):
    """A phrase as looked up by one word: *way*, of which that word is number *offset*, and the parts around it."""

    label: str
    way: tuple[str, ...]
    offset: int
    behind: tuple[_Part, ...]  # From the way towards the beginning.
    ahead: tuple[_Part, ...]


class _Span(NamedTuple):
    label: str
    start: int
    end: int


_NONE: Counter[str] = Counter()
_Index = dict[str, list[_Entry]]


class Phrases:
    """All phrases of some rules, ready to be found in one pass."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Compile *rules*."""
        self._phrases: _Index = {}
        self._exceptions: _Index = {}
        self._known: set[str] = set()
        for rule in rules:
            for phrase in rule.phrases:
                self._add(self._phrases, rule.label, phrase)
            for phrase in rule.exceptions:
                self._add(self._exceptions, rule.label, phrase)
        self._squeezed = {squeeze(word): word for word in self._known if len(word) >= _SQUEEZABLE}

    def find(self, text: str, before: str = "") -> frozenset[str]:
        """Return the labels of the phrases that end in *text*; they may begin in what stood *before* it."""
        found = self._hits(before + text)
        if found and before:
            found = found - self._hits(before)
        return frozenset(found) if found else frozenset()

    def _hits(self, text: str) -> Counter[str]:
        """Count the hits by label, of the reading that has the most."""
        hits = _NONE
        for reading in readings(text, self._known, self._squeezed):
            if not self._phrases.keys().isdisjoint(reading):
                hits = hits | Counter(self._labels(tuple(reading)))
        return hits

    def _labels(self, found: tuple[str, ...]) -> Iterator[str]:
        spans = set(_spans(found, self._phrases))
        exceptions = list(_spans(found, self._exceptions)) if spans else []
        for span in spans:
            if not any(_meet(span, exception) for exception in exceptions):
                yield span.label

    def _add(self, index: _Index, label: str, phrase: str) -> None:
        parts = tuple(map(_part, _PARTS.findall(phrase)))
        key = min(range(len(parts)), key=lambda place: _cost(parts[place]))
        for way in parts[key].ways:
            offset = way.index(min(way, key=_commonness))
            entry = _Entry(label, way, offset, parts[:key][::-1], parts[key + 1 :])
            index.setdefault(way[offset], []).append(entry)
        self._known.update(word for part in parts for way in part.ways for word in way)


def _spans(found: tuple[str, ...], index: _Index) -> Iterator[_Span]:
    for place, word in enumerate(found):
        for entry in index.get(word, ()):
            start = place - entry.offset
            if _stands(found, start, entry.way):
                ends = _reached(found, {start + len(entry.way)}, entry.ahead, 1)
                starts = ends and _reached(found, {start - 1}, entry.behind, -1)
                if starts:
                    yield _Span(entry.label, min(starts) + 1, max(ends))


def _meet(one: _Span, other: _Span) -> bool:
    return one.label == other.label and one.start < other.end and other.start < one.end


def _part(written: str) -> _Part:
    if written == "...":
        return _Part(frozenset(), (), optional=True)
    ways = [tuple(words(way)) for way in written.strip("{}[]").split("|")]
    single = frozenset(way[0] for way in ways if len(way) == 1)
    return _Part(single, tuple(way for way in ways if len(way) > 1), optional=written.startswith("["))


def _cost(part: _Part) -> float:
    """Return how often a look-up by *part* would be in vain: short frequent words are the most frequent ones."""
    if part.optional:
        return math.inf
    return sum(0.01 + (10 / len(min(way, key=_commonness)) ** 2) * _FREQUENT.issuperset(way) for way in part.ways)


def _commonness(word: str) -> tuple[bool, int]:
    return word in _FREQUENT, -len(word)


def _reached(found: tuple[str, ...], places: set[int], parts: tuple[_Part, ...], step: int) -> set[int]:
    """Return where *parts* can end, going by *step* from any of *places*: no place, if they don't stand there."""
    for part in parts:
        if not (part.single or part.longer):
            places = {after for place in places for after in _leaps(found, place, step)}
            continue
        past = {after for place in places for after in _steps(found, place, part, step)}
        places = past | places if part.optional else past
        if not places:
            break
    return places


def _steps(found: tuple[str, ...], place: int, part: _Part, step: int) -> Iterator[int]:
    if 0 <= place < len(found) and found[place] in part.single:
        yield place + step
    for way in part.longer:
        if _stands(found, place if step > 0 else place - len(way) + 1, way):
            yield place + len(way) * step


def _stands(found: tuple[str, ...], start: int, way: tuple[str, ...]) -> bool:
    return start >= 0 and found[start : start + len(way)] == way


def _leaps(found: tuple[str, ...], place: int, step: int) -> Iterator[int]:
    """Yield each place up to three words away from *place* in the same sentence."""
    yield place
    for distance in range(_GAP):
        here = place + distance * step
        if not 0 <= here < len(found) or found[here] == STOP:
            return
        yield here + step
