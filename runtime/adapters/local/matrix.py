"""One person's vectors in memory in half precision, each compared with the question: exact, as nothing is left out.

Two 16-bit floats stand in each 32-bit word. Read as a 32-bit float a word is the first of them, shifted it is the
second: so no number is converted, which numpy takes ten times as long for as for the product itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_WORD: Final = np.dtype("<u4")
_FLOAT: Final = np.dtype("<f4")
_UPPER: Final = np.uint32(0xFFFF0000)
_HALF: Final = 16
_ROWS: Final = 512


def halved(vector: Sequence[float]) -> bytes:
    """Return *vector* as it is kept: each pair of numbers in a word, the first one above the second one's 16 bits."""
    numbers = np.asarray(vector, _FLOAT)
    first, second = _pairs(numbers)
    low = (second.view(_WORD).astype(np.int64) + 0x7FFF) >> _HALF
    high = first.view(_WORD).astype(np.int64)
    # What stands below a first number is read as a part of it: of the words that end so, the nearest one is taken.
    return (((high - low + 0x8000) & int(_UPPER)) + low).astype(_WORD).tobytes()


def _pairs(numbers: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]]:
    even = np.append(numbers, np.zeros(len(numbers) % 2, _FLOAT))
    return np.ascontiguousarray(even[0::2]), np.ascontiguousarray(even[1::2])


class Matrix:
    """The vectors of *model* at their places; a place without a vector scores 0."""

    def __init__(self, model: str, count: int, placed: Iterable[tuple[int, bytes]] = ()) -> None:
        self.model = model
        self._count = count
        self._words = np.zeros((0, 0), _WORD)
        kept = list(placed)
        width = max((len(vector) for _, vector in kept), default=0)
        whole = [(place, vector) for place, vector in kept if len(vector) == width]
        if whole:
            self._words = np.zeros((count, width // _WORD.itemsize), _WORD)
            found = np.frombuffer(b"".join(vector for _, vector in whole), _WORD)
            self._words[[place for place, _ in whole]] = found.reshape(len(whole), -1)

    @property
    def size(self) -> int:
        """The bytes that this keeps."""
        return self._words.nbytes

    def extend(self, count: int) -> None:
        """Make room for *count* vectors; those that are new are not known yet."""
        self._count = count

    def put(self, place: int, vector: bytes) -> None:
        """Keep a vector at *place*."""
        width = len(vector) // _WORD.itemsize
        if self._words.shape[1] != width or len(self._words) <= place:
            grown = np.zeros((max(self._count, len(self._words)) * 9 // 8 + 8, width), _WORD)
            if self._words.shape[1] == width:
                grown[: len(self._words)] = self._words
            self._words = grown
        self._words[place] = np.frombuffer(vector, _WORD)

    def scores(self, question: Sequence[float], joined: NDArray[Any]) -> list[NDArray[Any]]:
        """Return how near each place is to *question*, and each with its neighbours (*joined*: goes on a session)."""
        first, second = _pairs(np.asarray(question, _FLOAT))
        scores = np.zeros(self._count, _FLOAT)
        words = self._words[: self._count]
        if words.shape[1] == len(first):
            scores[: len(words)] = _dots(words, first, second)
        return [scores, _summed(scores, joined)]


def _dots(words: NDArray[Any], first: NDArray[Any], second: NDArray[Any]) -> NDArray[Any]:
    """Return each row's product with the question, a few rows at a time: they stay in the processor's cache."""
    scores = np.empty(len(words), _FLOAT)
    lower = np.empty((min(_ROWS, len(words)), words.shape[1]), _WORD)
    for start in range(0, len(words), _ROWS):
        rows, found = words[start : start + _ROWS], scores[start : start + _ROWS]
        shifted = np.left_shift(rows, _HALF, out=lower[: len(rows)])
        np.dot(rows.view(_FLOAT), first, out=found)
        found += np.dot(shifted.view(_FLOAT), second)
    return scores


def _summed(scores: NDArray[Any], joined: NDArray[Any]) -> NDArray[Any]:
    """Return each place's score with those of its neighbours in the session."""
    summed = scores.copy()
    summed[1:] += scores[:-1] * joined[1:]
    summed[:-1] += scores[1:] * joined[1:]
    return summed
