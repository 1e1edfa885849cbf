"""One person's words in memory, scored by BM25 in a few passes of numpy: each turn, and each with its two neighbours.

Kept per person so that nobody's words move anybody else's scores, and flat so that adding a turn is an append. A turn
is short and says a word once, so that a word counts once in a turn and once in its window.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
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
    before: int
    after: int


def packed(stems: Iterable[str]) -> bytes:
    """Return *stems* as they are kept beside a text: 32-bit checksums, which collide once in a million questions."""
    return np.fromiter((zlib.crc32(stem.encode()) for stem in stems), _WORD).tobytes()


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
            grown = np.empty(max(needed, self._size * 5 // 4 + 8), self._array.dtype)
            grown[: self._size] = self.values
            self._array = grown
        self._array[self._size : needed] = values
        self._size = needed


class Postings:
    """The words of one person's records, in the order of their sessions."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Take *entries* in the order (session, at, n): those beside each other in a session are neighbours."""
        count = len(entries)
        sizes = np.fromiter((len(entry.words) // 4 for entry in entries), np.int32, count)
        places = np.arange(count, dtype=np.int32)
        same = np.fromiter(
            (entries[place].session == entries[place - 1].session for place in range(1, count)),
            np.bool_,
            max(count - 1, 0),
        )
        self._ends = {entry.session: place for place, entry in enumerate(entries)}
        self._numbers = _Column(np.fromiter((entry.n for entry in entries), np.int64, count))
        self._at = _Column(np.fromiter((entry.at for entry in entries), np.float64, count))
        self._sizes = _Column(sizes)
        self._before = _Column(np.concatenate([[-1], np.where(same, places[:-1], -1)]).astype(np.int32)[:count])
        self._after = _Column(np.concatenate([np.where(same, places[1:], -1), [-1]]).astype(np.int32)[-count:][:count])
        self._words = _Column(np.frombuffer(b"".join(entry.words for entry in entries), _WORD))
        self._places = _Column(np.repeat(places, sizes))

    @property
    def size(self) -> int:
        """The bytes that this keeps, about."""
        return 8 * len(self._words.values) + 32 * len(self._numbers.values)

    def append(self, entry: Entry) -> bool:
        """Add the newest record of its session; return False, with nothing done, where it is not the newest."""
        place, last = len(self._numbers.values), self._ends.get(entry.session, -1)
        if last >= 0 and self._at.values[last] > entry.at:
            return False
        words = np.frombuffer(entry.words, _WORD)
        added: tuple[tuple[_Column, Sequence[float]], ...] = (
            *((self._numbers, [entry.n]), (self._at, [entry.at]), (self._sizes, [len(words)])),
            *((self._before, [last]), (self._after, [-1])),
        )
        for column, values in added:
            column.extend(np.array(values))
        self._words.extend(words)
        self._places.extend(np.full(len(words), place, np.int32))
        if last >= 0:
            self._after.values[last] = place
        self._ends[entry.session] = place
        return True

    def search(self, words: bytes, limit: int, only: tuple[float, float] | None) -> list[Hit]:
        """Return the best *limit* of each leg for packed *words*; the newest of *only* too, if anything lies in it."""
        if not len(self._numbers.values):
            return []
        turns, windows = self._scores(np.frombuffer(words, _WORD))
        inside = self._inside(only)
        if len(inside):
            outside = np.ones(len(turns), np.bool_)
            outside[inside] = False
            turns[outside] = windows[outside] = 0
        best = np.unique(np.concatenate([_best(turns, limit), _best(windows, limit), inside[-limit:]]))
        return self._hits(best, turns, windows)

    def _inside(self, only: tuple[float, float] | None) -> NDArray[Any]:
        """Return the places within the span, oldest first."""
        if only is None:
            return np.empty(0, np.intp)
        at = self._at.values
        inside = np.flatnonzero((at >= only[0]) & (at < only[1]))
        return inside[np.argsort(at[inside], kind="stable")]

    def _scores(self, words: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return BM25 of each turn and of each window (Robertson and Zaragoza 2009, with a word's count taken as 1)."""
        count = len(self._numbers.values)
        before, after, index, places = self._before.values, self._after.values, self._words.values, self._places.values
        turns, windows = np.zeros(count + 1, np.float32), np.zeros(count + 1, np.float32)
        for word in words:
            found = places[np.flatnonzero(index == word)]
            if not len(found):
                continue
            turns[found] += _rarity(len(found), count)
            near = np.zeros(count + 1, np.bool_)
            near[found] = near[before[found]] = near[after[found]] = True
            near[count] = False
            around = np.flatnonzero(near)
            windows[around] += _rarity(len(around), count)
        return self._by_length(turns, windows)

    def _by_length(self, turns: NDArray[Any], windows: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
        hit = np.flatnonzero(windows[:-1])
        sizes = np.append(self._sizes.values, 0)
        mean = max(float(sizes.sum()) / (len(sizes) - 1), 1.0)
        own = sizes[hit]
        around = own + sizes[self._before.values[hit]] + sizes[self._after.values[hit]]
        turns[hit] *= _damping(own / mean)
        windows[hit] *= _damping(around / (3 * mean))
        return turns[:-1], windows[:-1]

    def _hits(self, best: NDArray[Any], turns: NDArray[Any], windows: NDArray[Any]) -> list[Hit]:
        numbers = np.append(self._numbers.values, 0)
        before, after = numbers[self._before.values[best]], numbers[self._after.values[best]]
        columns = (numbers[best], turns[best], windows[best], before, after)
        return [Hit(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def _best(scores: NDArray[Any], limit: int) -> NDArray[Any]:
    found = np.flatnonzero(scores)
    if len(found) <= limit:
        return found
    return found[np.argpartition(scores[found], -limit)[-limit:]]


def _rarity(holders: int, count: int) -> float:
    return float(np.log1p((count - holders + 0.5) / (holders + 0.5)))


def _damping(length: NDArray[Any]) -> NDArray[Any]:
    return (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * length))
