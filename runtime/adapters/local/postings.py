"""One person's records in memory, and where in them each word and each meaning stands.

Kept per person so that nobody's words move anybody else's scores. Words are sorted, but for the newest, which are
looked through, so that adding a turn is an append. A search reads nothing else: what an idle processor has to fetch
costs a turn more than what it computes.
"""

from __future__ import annotations

import sys
import zlib
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.adapters.local import bm25
from runtime.adapters.local.matrix import Matrix
from runtime.conversation import Memory

_LIKELY: Final = 0.4
_PLACE: Final = 240  # What a place takes in all arrays, and a record without its fields.
_FIELDS: Final = attrgetter(
    *("id", "text", "at", "valid_from", "valid_until", "expires", "importance", "source", "replaces"),
    *("subject", "attribute", "value", "also", "corrected"),
)  # The others are shared.
_UNSORTED: Final = 4_096
_WORD: Final = np.dtype("<u4")


class Entry(NamedTuple):
    """A record as it is indexed: its number, its packed words, and itself."""

    n: int
    words: bytes
    record: Memory


class Found(NamedTuple):
    """What a search found: records in the order (session, at), their places in it, and the raw scores of each leg.

    The legs: its own words, those nearby and those around; where meaning was asked for also that and that nearby.
    """

    places: list[int]
    records: list[Memory]
    scores: list[list[float]]


def packed(stems: Iterable[str]) -> bytes:
    """Return *stems* as they are kept beside a text: 32-bit checksums, which collide once in a million questions."""
    return b"".join(zlib.crc32(stem.encode("utf-8", "surrogatepass")).to_bytes(4, "little") for stem in stems)


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

    def __init__(self, entries: Iterable[Entry]) -> None:
        """Take *entries* in the order (session, at, n) of their records."""
        numbers, words, records = tuple(zip(*entries, strict=True)) or ((), (), ())
        sessions = [record.session for record in records]
        sizes = np.fromiter(map(len, words), np.int32, len(words)) // _WORD.itemsize
        self._records: list[Memory] = list(records)
        self._fields = sum(map(_fields_size, records))
        self._sessions = dict.fromkeys(sessions)
        self._numbers = _Column(np.array(numbers, np.int64))
        self._at = _Column(np.array([record.at for record in records], np.float64))
        self._joined = _Column(np.array([False, *map(str.__eq__, sessions, sessions[1:])][: len(sessions)], np.bool_))
        self._sizes = _Column(sizes)
        self._sort(np.frombuffer(b"".join(words), _WORD), np.repeat(np.arange(len(words), dtype=np.int32), sizes))
        self._damping: NDArray[Any] | None = None
        self._matrix: Matrix | None = None

    @property
    def size(self) -> int:
        """The bytes that this keeps, about."""
        words, vectors = len(self._words) + len(self._new), self._matrix.size if self._matrix else 0
        return 1_000 + 8 * words + _PLACE * len(self._records) + self._fields + 80 * len(self._sessions) + vectors

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
        record, last = entry.record, self._records[-1] if self._records else None
        joined = last is not None and record.session == last.session
        if (joined and self._at.values[-1] > record.at) or (not joined and record.session in self._sessions):
            return False
        words = np.frombuffer(entry.words, _WORD)
        self._new.extend(words)
        self._holders.extend(np.full(len(words), len(self._numbers), np.int32))
        self._sizes.extend(np.array([len(words)]))
        self._numbers.extend(np.array([entry.n]))
        self._at.extend(np.array([record.at]))
        self._joined.extend(np.array([joined]))
        self._records.append(record)
        self._fields += _fields_size(record)
        self._sessions[record.session] = None
        self._damping = None
        if self._matrix:
            self._matrix.extend(len(self._numbers))
        if len(self._new) > _UNSORTED:
            places = np.concatenate([self._places, self._holders.values])
            self._sort(np.concatenate([self._words, self._new.values]), places)
        return True

    def search(
        self, words: bytes, limit: int, only: tuple[float, float] | None, meaning: Sequence[float] | None = None
    ) -> Found:
        """Return the best *limit* of each leg for packed *words* and the vector *meaning*.

        The newest of *only* too, if anything lies in it.
        """
        if not self._records:
            return Found([], [], [])
        joined = self._joined.values
        if self._damping is None:
            self._damping = bm25.damped(self._sizes.values, joined)
        near, said = bm25.scored(self._holding(np.frombuffer(words, _WORD)), joined, self._damping)
        meant = (
            self._matrix.scores(meaning, joined) if self._matrix and meaning is not None else np.zeros((0, len(joined)))
        )
        inside = self._inside(only)
        if len(inside):
            outside = np.ones(len(joined), np.bool_)
            outside[inside] = False
            said[:, outside[near]] = meant[:, outside] = 0
        best = [near[_best(leg, limit)] for leg in said] + [_best(leg, limit) for leg in meant]
        places = sorted({*inside[-limit:].tolist()}.union(*(leg.tolist() for leg in best)))
        scores = [*_at(places, near, said).tolist(), *meant.take(places, 1).tolist()]
        return Found(places, [self._records[place] for place in places], scores)

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

    def _holding(self, words: NDArray[Any]) -> list[NDArray[Any]]:
        """Return the places of each of *words* that stands anywhere."""
        firsts, ends = (self._words.searchsorted(words, side).tolist() for side in ("left", "right"))
        found = [self._places[first:end] for first, end in zip(firsts, ends, strict=True)]
        if len(self._new):
            new, holders = self._new.values, self._holders.values
            found = [np.append(old, holders[new == word]) for old, word in zip(found, words, strict=True)]
        return [places for places in found if len(places)]


def _fields_size(record: Memory) -> int:
    return sum(sys.getsizeof(value) for value in _FIELDS(record) if value)


def _at(places: Sequence[int], near: NDArray[Any], scores: NDArray[Any]) -> NDArray[Any]:
    """Return the scores at *places*, where those of the sorted places *near* are known and the others are 0."""
    whole = np.append(scores, np.zeros((len(scores), 1), scores.dtype), 1)
    columns = near.searchsorted(places)
    columns[np.append(near, -1)[columns] != places] = -1
    return whole.take(columns, 1)


def _best(scores: NDArray[Any], limit: int) -> NDArray[Any]:
    """Return the places of the *limit* highest scores; most are told from the rest by a glance at the highest."""
    (found,) = (scores > _LIKELY * scores.max() if len(scores) > limit else scores).nonzero()
    if len(found) < limit < len(scores):
        (found,) = scores.nonzero()
    return found if len(found) <= limit else found[scores[found].argpartition(-limit)[-limit:]]
