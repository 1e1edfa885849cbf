"""One person's records in memory, and where in them each word and each meaning stands.

Kept per person so that nobody's words move anybody else's scores. Words are sorted, but for the newest, so that adding
a turn is an append, which also makes ready what the next search needs. A search reads nothing else: what an idle
processor has to fetch costs a turn more than what it computes.
"""

from __future__ import annotations

import sys
import zlib
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from runtime.adapters.local import bm25
from runtime.adapters.local.matrix import Matrix
from runtime.conversation import Memory

_PLACE: Final = 240  # What a place takes in all arrays, and a record without its fields.
_FIELDS: Final = attrgetter(
    *("id", "text", "at", "valid_from", "valid_until", "expires", "importance", "source", "replaces"),
    *("subject", "attribute", "value", "also", "corrected"),
)  # The others are shared.
_UNSORTED: Final = 1_024
_NEW: Final = 100  # What a word takes that is not sorted yet.
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
        self._matrix: Matrix | None = None
        self._survey()

    @property
    def size(self) -> int:
        """The bytes that this keeps, about."""
        words = 8 * len(self._words) + 4 * len(self._places) + _NEW * self._unsorted
        vectors = self._matrix.size if self._matrix else 0
        return 1_000 + words + _PLACE * len(self._records) + self._fields + 80 * len(self._sessions) + vectors

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
        words = dict.fromkeys(np.frombuffer(entry.words, _WORD).tolist())
        for word in words:
            self._new.setdefault(word, []).append(len(self._numbers))
        self._unsorted += len(words)
        self._sizes.extend(np.array([len(words)]))
        self._numbers.extend(np.array([entry.n]))
        self._at.extend(np.array([record.at]))
        self._joined.extend(np.array([joined]))
        self._records.append(record)
        self._fields += _fields_size(record)
        self._sessions[record.session] = None
        if self._matrix:
            self._matrix.extend(len(self._numbers))
        if self._unsorted > _UNSORTED:
            self._sort_again()
        self._survey()
        return True

    def search(
        self, words: bytes, limit: int, only: tuple[float, float] | None, meaning: Sequence[float] | None = None
    ) -> Found:
        """Return the best *limit* of each leg for packed *words* and the vector *meaning*.

        The newest of *only* too, if anything lies in it.
        """
        if not self._records:
            return Found([], [], [])
        legs = bm25.scored(self._holding(memoryview(words).cast("I")), self._around)
        if self._matrix and meaning is not None:
            legs = np.concatenate([legs, self._matrix.scores(meaning, self._joined.values)])
        inside = self._inside(only)
        if len(inside):
            outside = np.ones(len(self._records), np.bool_)
            outside[inside] = False
            legs[:, outside] = 0
        chosen = _best(legs, limit)
        chosen[inside[-limit:]] = True
        (places,) = chosen.nonzero()
        found = places.tolist()
        return Found(found, [self._records[place] for place in found], legs.take(places, 1).tolist())

    def _survey(self) -> None:
        """Make ready what a search needs beside its words."""
        if self._records:
            self._around = bm25.surroundings(self._sizes.values, self._joined.values)

    def _sort(self, words: NDArray[Any], places: NDArray[Any]) -> None:
        """Keep each of *words* once, and where in all *places*, sorted by it, those of each begin.

        A place has a word once: two words may have one checksum.
        """
        order = np.argsort(words, kind="stable")
        words, places = words[order], places[order]
        fresh = np.append(True, (words[1:] != words[:-1]) | (places[1:] != places[:-1]))[: len(words)]
        words, self._places = words[fresh], places[fresh].astype(np.int32)
        known, begins = np.unique(words, return_index=True)
        # Read one by one, which a view does faster than an array.
        self._words, self._begins = known.data, np.append(begins, len(words)).data
        self._new: dict[int, list[int]] = {}
        self._unsorted = 0

    def _sort_again(self) -> None:
        words = [np.repeat(np.asarray(self._words), np.diff(self._begins))]
        words += [np.full(len(places), word, _WORD) for word, places in self._new.items()]
        self._sort(np.concatenate(words), np.concatenate([self._places, *self._new.values()]))

    def _inside(self, only: tuple[float, float] | None) -> NDArray[Any]:
        """Return the places within the span, oldest first."""
        if only is None:
            return np.empty(0, np.intp)
        at = self._at.values
        inside = np.flatnonzero((at >= only[0]) & (at < only[1]))
        return inside[np.argsort(at[inside], kind="stable")]

    def _holding(self, words: Sequence[int]) -> list[NDArray[Any]]:
        """Return the places of each of *words* that stands anywhere."""
        found = []
        for word in words:
            rank = bisect_left(self._words, word)
            places = self._places[:0]
            if rank < len(self._words) and self._words[rank] == word:
                places = self._places[self._begins[rank] : self._begins[rank + 1]]
            if word in self._new:
                places = np.append(places, self._new[word])
            if len(places):
                found.append(places)
        return found


def _fields_size(record: Memory) -> int:
    return sum(sys.getsizeof(value) for value in _FIELDS(record) if value)


def _best(legs: NDArray[Any], limit: int) -> NDArray[Any]:
    """Say of each place whether one of its scores is among the *limit* highest of a leg."""
    best = np.ones(legs.shape[1], np.bool_)
    if len(best) > limit:
        # The lowest of what is negative: numpy takes three times as long to find the highest.
        highest = (-legs).argpartition(limit - 1, 1)[:, :limit]
        best[:] = False
        best[highest] = True
    best &= legs.any(0)
    return best
