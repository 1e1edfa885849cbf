"""One person's words in memory, scored by BM25 in a few passes of numpy: each turn, and each with those around it.

Kept per person so that nobody's words move anybody else's scores, and flat so that adding a turn is an append. A turn
is short and says a word once, so that a word counts once in a turn and once in its window.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
_REACHES: Final = (0, 1, 2)
_WORD: Final = np.dtype("<u4")


class Entry(NamedTuple):
    """A record as it is indexed: its number, its place in time and its packed words."""

    n: int
    session: str
    at: float
    words: bytes


class Hit(NamedTuple):
    """A record that was found, with its raw scores; *before* and *after* are its neighbours' numbers, 0: none."""

    n: int
    words: float
    nearby: float
    around: float
    before: int
    after: int


def packed(stems: Iterable[str]) -> bytes:
    """Return *stems* as they are kept beside a text: 32-bit checksums, which collide once in a million questions."""
    return np.fromiter((zlib.crc32(stem.encode("utf-8", "surrogatepass")) for stem in stems), _WORD).tobytes()


class _Column:
    """A numpy array that can be appended to."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._array = values
        self._size = len(values)

    @property
    def values(self) -> NDArray[Any]:
        return self._array[: self._size]

    def extend(self, values: NDArray[Any]) -> None:
        needed = self._size + len(values)
        if needed > len(self._array):
            grown = np.empty(max(needed, self._size * 9 // 8 + 8), self._array.dtype)
            grown[: self._size] = self.values
            self._array = grown
        self._array[self._size : needed] = values
        self._size = needed


class Postings:
    """The words of one person's records, in the order of their sessions."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Take *entries* in the order (session, at, n): those beside each other in a session are neighbours."""
        count = len(entries)
        places = np.arange(count, dtype=np.int32)
        sizes = np.fromiter((len(entry.words) // 4 for entry in entries), np.int32, count)
        joined = np.fromiter(
            (place > 0 and entries[place].session == entries[place - 1].session for place in range(count)),
            np.bool_,
            count,
        )
        self._ends = {entry.session: place for place, entry in enumerate(entries)}
        self._numbers = _Column(np.fromiter((entry.n for entry in entries), np.int64, count))
        self._at = _Column(np.fromiter((entry.at for entry in entries), np.float64, count))
        self._before = _Column(np.where(joined, places - 1, -1).astype(np.int32))
        self._after = _Column(np.where(np.append(joined[1:], [False] * min(count, 1)), places + 1, -1).astype(np.int32))
        self._starts = _Column((np.cumsum(sizes) - sizes).astype(np.int32))
        self._words = _Column(np.frombuffer(b"".join(entry.words for entry in entries), _WORD))

    @property
    def size(self) -> int:
        """The bytes that this keeps, about."""
        return 1_000 + 4 * len(self._words.values) + 28 * len(self._numbers.values)

    def append(self, entry: Entry) -> bool:
        """Add the newest record of its session; return False, with nothing done, where it is not the newest."""
        place, last = len(self._numbers.values), self._ends.get(entry.session, -1)
        if last >= 0 and self._at.values[last] > entry.at:
            return False
        for column, value in (
            *((self._numbers, entry.n), (self._at, entry.at), (self._starts, len(self._words.values))),
            *((self._before, last), (self._after, -1)),
        ):
            column.extend(np.array([value]))
        self._words.extend(np.frombuffer(entry.words, _WORD))
        if last >= 0:
            self._after.values[last] = place
        self._ends[entry.session] = place
        return True

    def search(self, words: bytes, limit: int, only: tuple[float, float] | None) -> list[Hit]:
        """Return the best *limit* of each leg for packed *words*; the newest of *only* too, if anything lies in it."""
        count = len(self._numbers.values)
        if not count:
            return []
        legs = self._scores(np.frombuffer(words, _WORD))
        inside = self._inside(only)
        if len(inside):
            outside = np.ones(count, np.bool_)
            outside[inside] = False
            for leg in legs:
                leg[outside] = 0
        best = np.unique(np.concatenate([*(_best(leg, limit) for leg in legs), inside[-limit:]]))
        numbers = np.append(self._numbers.values, 0)
        neighbours = (numbers[self._before.values[best]], numbers[self._after.values[best]])
        columns = (numbers[best], *(leg[best] for leg in legs), *neighbours)
        return [Hit(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]

    def _inside(self, only: tuple[float, float] | None) -> NDArray[Any]:
        """Return the places within the span, oldest first."""
        if only is None:
            return np.empty(0, np.intp)
        at = self._at.values
        inside = np.flatnonzero((at >= only[0]) & (at < only[1]))
        return inside[np.argsort(at[inside], kind="stable")]

    def _scores(self, words: NDArray[Any]) -> list[NDArray[Any]]:
        """Return BM25 for each reach (Robertson and Zaragoza 2009, with a word's count taken as 1)."""
        count = len(self._numbers.values)
        before, after = np.append(self._before.values, -1), np.append(self._after.values, -1)
        scores = [np.zeros(count + 1, np.float32) for _ in _REACHES]
        for word in words:
            holders = np.searchsorted(self._starts.values, np.flatnonzero(self._words.values == word), "right") - 1
            if not len(holders):
                continue
            near = np.zeros(count + 1, np.bool_)
            back = forth = holders
            for score in scores:
                near[back] = near[forth] = True
                near[count] = False
                found = np.flatnonzero(near)
                score[found] += _rarity(len(found), count)
                back, forth = before[back], after[forth]
        return self._by_length(scores, before, after)

    def _by_length(self, scores: list[NDArray[Any]], before: NDArray[Any], after: NDArray[Any]) -> list[NDArray[Any]]:
        """Let a word count less in a long window than in a short one."""
        sizes = np.diff(self._starts.values, append=len(self._words.values))
        mean = max(float(sizes.mean()), 1.0)
        padded = np.append(sizes, 0)
        back = forth = hit = np.flatnonzero(scores[-1])
        length = padded[hit]
        for reach, score in zip(_REACHES, scores, strict=True):
            if reach:
                back, forth = before[back], after[forth]
                length = length + padded[back] + padded[forth]
            score[hit] *= _damping(length / ((2 * reach + 1) * mean))
        return [score[:-1] for score in scores]


def _best(scores: NDArray[Any], limit: int) -> NDArray[Any]:
    found = np.flatnonzero(scores)
    if len(found) <= limit:
        return found
    return found[np.argpartition(scores[found], -limit)[-limit:]]


def _rarity(holders: int, count: int) -> float:
    return math.log1p((count - holders + 0.5) / (holders + 0.5))


def _damping(length: NDArray[Any]) -> NDArray[Any]:
    return (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * length))
