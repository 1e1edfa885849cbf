"""BM25 of one question for each turn and each window around it, with the words that stand there as the bits of a byte.

A window has the bits of its turns together. How often each combination of words stands somewhere tells how rare each
word is, and a table has the score of each combination: few passes over bytes, however many words there are, all windows
at once, for what a question costs is mostly the number of calls, and from there on only over places with any of the
words near. A turn is short, so that a word counts once in it and once in its window.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

REACHES: Final = 3
"""Of each turn there are three rows: itself, with one on either side, and with two."""
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
_BITS: Final = 8
_BIT: Final = 1 << np.arange(_BITS)
_HAS: Final = np.arange(1 << _BITS)[:, None] & _BIT > 0  # Whether a combination has a word.
_COUNTED: Final = _HAS.astype(np.int64)
_ADDED: Final = _HAS.T.astype(np.float32)
_ROWS: Final = [np.arange(0, REACHES << words, 1 << words)[:, None] for words in range(_BITS + 1)]


def scored(
    holders: Sequence[NDArray[Any]], joined: NDArray[Any], damping: NDArray[Any]
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return the places with any word near, in order, and their BM25, a row for each reach.

    *holders* are the places of each word; *joined* says which places go on the session of the one before.
    The formula: Robertson and Zaragoza 2009.
    """
    parts = [holders[first : first + _BITS] for first in range(0, len(holders), _BITS)]
    windows = [_windows(part, joined) for part in parts]
    near = functools.reduce(np.bitwise_or, [bits[-1] for bits in windows]) if parts else np.zeros(0, np.uint8)
    (places,) = near.nonzero()
    scores = np.zeros((REACHES, len(places)), np.float32)
    for part, bits in zip(parts, windows, strict=True):
        scores += _summed(bits.take(places, 1), len(part), len(joined))
    scores *= damping.take(places, 1)
    return places, scores


def damped(lengths: NDArray[Any], joined: NDArray[Any]) -> NDArray[Any]:
    """Return how much less a word counts in each turn and window for its length: the *damping* of `scored`."""
    own = lengths.astype(np.float32)
    mean, back, forth, around = max(float(own.mean()), 1.0), own, own, own
    found = [own / mean]
    for reach in range(1, REACHES):
        back = np.concatenate([[0], back[:-1]]) * joined
        forth = np.append((forth * joined)[1:], 0)
        around = around + back + forth
        found.append(around / ((2 * reach + 1) * mean))
    damping = (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * np.array(found)))
    return damping.astype(np.float32)


def _windows(holders: Sequence[NDArray[Any]], joined: NDArray[Any]) -> NDArray[Any]:
    """Return the words of each place and window, each a bit."""
    bits = np.zeros((REACHES, len(joined)), np.uint8)
    for number, places in enumerate(holders):
        bits[0][places] |= 1 << number
    goes_on = joined[1:].view(np.uint8)
    for near, wide in pairwise(bits):
        wide[:] = near
        wide[1:] |= near[:-1] * goes_on
        wide[:-1] |= near[1:] * goes_on
    return bits


def _summed(bits: NDArray[Any], words: int, count: int) -> NDArray[Any]:
    """Return what *words* words of *count* places add to the score of each: of each the rarity, where it stands."""
    combinations = 1 << words
    at = bits.astype(np.intp)
    at += _ROWS[words]
    often = np.bincount(at.ravel(), minlength=REACHES * combinations).reshape(REACHES, combinations)
    holders = (often @ _COUNTED[:combinations, :words]).tolist()
    rarities = [[math.log1p((count - held + 0.5) / (held + 0.5)) for held in row] for row in holders]
    table: NDArray[Any] = np.array(rarities, np.float32) @ _ADDED[:words, :combinations]
    return table.ravel()[at]
