"""One person's words in memory, scored by BM25 in a few passes of numpy: each turn, and each with those around it.

Kept per person so that nobody's words move anybody else's scores. Words are sorted, but for the newest, which are
looked through, so that adding a turn is an append. A turn is short: a word counts once in it and once in its window.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.adapters.local.matrix import Matrix

_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
_REACHES: Final = (0, 1, 2)
_LIKELY: Final = 0.4
_UNSORTED: Final = 4_096
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
    meaning: float | None = None
    meaning_nearby: float | None = None


def packed(stems: Iterable[str]) -> bytes:
    """Return *stems* as they are kept beside a text: 32-bit checksums, which collide once in a million questions."""
    return np.fromiter((zlib.crc32(stem.encode("utf-8", "surrogatepass")) for stem in stems), _WORD).tobytes()


class _Column:
    """A numpy array that can be appended to."""

    def __init__(self, values: NDArray[Any]) -> None:
        self._array = values
        self._size = len(values)

    def __len__(self) -> int:
        return self._size

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
    """The words of one person's records, session by session, so that neighbours lie beside each other."""

    def __init__(self, entries: Iterable[Sequence[Any]]) -> None:
        """Take `Entry` tuples in the order (session, at, n)."""
        numbers, sessions, at, words = tuple(zip(*entries, strict=True)) or ((), (), (), ())
        sizes = np.fromiter(map(len, words), np.int32, len(words)) // _WORD.itemsize
        self._sessions = dict.fromkeys(sessions)
        self._last = sessions[-1] if sessions else None
        self._numbers = _Column(np.array(numbers, np.int64))
        self._at = _Column(np.array(at, np.float64))
        self._joined = _Column(np.array([False, *map(str.__eq__, sessions, sessions[1:])][: len(sessions)], np.bool_))
        self._sizes = _Column(sizes)
        self._sort(np.frombuffer(b"".join(words), _WORD), np.repeat(np.arange(len(words), dtype=np.int32), sizes))
        self._dampings: list[NDArray[Any]] = []
        self._beside = (np.empty(0, np.intp), np.empty(0, np.intp))
        self._matrix: Matrix | None = None

    @property
    def size(self) -> int:
        """The bytes that this keeps, about."""
        words, vectors = len(self._words) + len(self._new), self._matrix.size if self._matrix else 0
        return 1_000 + 8 * words + 49 * len(self._numbers) + 80 * len(self._sessions) + vectors

    @property
    def model(self) -> str | None:
        """Whose vectors this has."""
        return self._matrix.model if self._matrix else None

    def learn(self, model: str, vectors: Iterable[tuple[int, bytes]]) -> None:
        """Take all vectors that there are of *model*, by the records' numbers."""
        places = {n: place for place, n in enumerate(self._numbers.values.tolist())}
        placed = [(places[n], vector) for n, vector in vectors if n in places]
        self._matrix = Matrix(model, len(places), placed)

    def place(self, model: str, n: int, vector: bytes) -> None:
        """Keep the vector of record *n*, if it is one of the *model* whose vectors this has."""
        found = np.flatnonzero(self._numbers.values == n)
        if self._matrix and self._matrix.model == model and len(found):
            self._matrix.put(int(found[0]), vector)

    def append(self, entry: Entry) -> bool:
        """Add the newest record of the last session or of a new one; return False, with nothing done, for another."""
        joined = entry.session == self._last
        if (joined and self._at.values[-1] > entry.at) or (not joined and entry.session in self._sessions):
            return False
        words = np.frombuffer(entry.words, _WORD)
        self._new.extend(words)
        self._holders.extend(np.full(len(words), len(self._numbers), np.int32))
        self._sizes.extend(np.array([len(words)]))
        self._numbers.extend(np.array([entry.n]))
        self._at.extend(np.array([entry.at]))
        self._joined.extend(np.array([joined]))
        self._sessions[entry.session] = None
        self._last = entry.session
        self._dampings = []
        if self._matrix:
            self._matrix.extend(len(self._numbers))
        if len(self._new) > _UNSORTED:
            places = np.concatenate([self._places, self._holders.values])
            self._sort(np.concatenate([self._words, self._new.values]), places)
        return True

    def search(
        self, words: bytes, limit: int, only: tuple[float, float] | None, meaning: Sequence[float] | None = None
    ) -> list[Hit]:
        """Return the best *limit* of each leg for packed *words* and the vector *meaning*.

        The newest of *only* too, if anything lies in it.
        """
        count = len(self._numbers)
        if not count:
            return []
        legs = self._scores(np.frombuffer(words, _WORD))
        if self._matrix and meaning is not None:
            legs += self._matrix.scores(meaning, self._joined.values)
        inside = self._inside(only)
        if len(inside):
            outside = np.ones(count, np.bool_)
            outside[inside] = False
            for leg in legs:
                leg[outside] = 0
        found = np.zeros(count, np.bool_)
        for places in (*(_best(leg, limit) for leg in legs), inside[-limit:]):
            found[places] = True
        return self._hits(np.flatnonzero(found), legs)

    def _sort(self, words: NDArray[Any], places: NDArray[Any]) -> None:
        order = np.argsort(words)
        self._words, self._places = words[order], places[order]
        self._new, self._holders = _Column(np.empty(0, _WORD)), _Column(np.empty(0, np.int32))

    def _inside(self, only: tuple[float, float] | None) -> NDArray[Any]:
        """Return the places within the span, oldest first."""
        if only is None:
            return np.empty(0, np.intp)
        at = self._at.values
        inside = np.flatnonzero((at >= only[0]) & (at < only[1]))
        return inside[np.argsort(at[inside], kind="stable")]

    def _scores(self, words: NDArray[Any]) -> list[NDArray[Any]]:
        """Return BM25 for each reach (Robertson and Zaragoza 2009, with a word's count taken as 1)."""
        self._dampings = self._dampings or self._damped()
        count, (back, forth) = len(self._numbers), self._beside
        scores = [np.zeros(count, np.float32) for _ in _REACHES]
        firsts, ends = (np.searchsorted(self._words, words, side).tolist() for side in ("left", "right"))
        for word, first, end in zip(words, firsts, ends, strict=True):
            near = np.zeros(count, np.bool_)
            near[self._places[first:end]] = True
            near[self._holders.values[self._new.values == word]] = True
            for score in scores:
                places = near.nonzero()[0]
                score[places] += np.float32(_rarity(len(places), count))
                near[back[places]] = near[forth[places]] = True
        return [score * damping for score, damping in zip(scores, self._dampings, strict=True)]

    def _damped(self) -> list[NDArray[Any]]:
        """Return how much less a word counts in each turn and window for its length, and notice what is beside each."""
        lengths = self._sizes.values.astype(np.float32)
        mean = max(float(lengths.mean()), 1.0)
        own, joined, around = lengths, self._joined.values, lengths.copy()
        self._beside = np.arange(len(own)) - joined, np.arange(len(own)) + np.append(joined[1:], False)
        dampings = [_damping(own / mean)]
        back = forth = own
        for reach in _REACHES[1:]:
            back = np.concatenate([[0], back[:-1]]) * joined
            forth = np.append((forth * joined)[1:], 0)
            around = around + back + forth
            dampings.append(_damping(around / ((2 * reach + 1) * mean)).astype(np.float32))
        return dampings

    def _hits(self, best: NDArray[Any], legs: Sequence[NDArray[Any]]) -> list[Hit]:
        numbers, joined, last = self._numbers.values, self._joined.values, len(self._numbers) - 1
        before = numbers[best - 1] * joined[best]
        after = numbers[np.minimum(best + 1, last)] * (joined[np.minimum(best + 1, last)] & (best < last))
        columns = (numbers[best], *(leg[best] for leg in legs[:3]), before, after, *(leg[best] for leg in legs[3:]))
        return [Hit(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]


def _best(scores: NDArray[Any], limit: int) -> NDArray[Any]:
    """Return the places of the *limit* highest scores; most are told from the rest by a glance at the highest."""
    found = np.flatnonzero(scores > _LIKELY * scores.max()) if len(scores) > limit else scores.nonzero()[0]
    if len(found) < limit < len(scores):
        found = np.flatnonzero(scores)
    return found if len(found) <= limit else found[np.argpartition(scores[found], -limit)[-limit:]]


def _rarity(holders: int, count: int) -> float:
    return math.log1p((count - holders + 0.5) / (holders + 0.5))


def _damping(length: NDArray[Any]) -> NDArray[Any]:
    return (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * length))
