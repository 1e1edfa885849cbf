"""BM25 of one question for each turn and each window around it, with the words that stand there as the bits of a byte.

A window has the bits of its turns together, and a table has the score of each combination: few passes over bytes,
however many words there are, all windows at once, for what a question costs is mostly the number of calls. A turn is
short, so that a word counts once in it and once in its window, and is as rare in windows as it is in turns.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

REACHES: Final = 3
"""Of each turn there are three rows: itself, with one on either side, and with two."""
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75
_BITS: Final = 8
_BIT: Final = 2.0 ** np.arange(_BITS)


class Surroundings(NamedTuple):
    """What scores depend on beside the question.

    For each place but the first whether it *goes on* the session of the one before, as a mask for bytes; for each place
    and reach how much less a word counts there for its length.
    """

    goes_on: NDArray[Any]
    damping: NDArray[Any]


def surroundings(lengths: NDArray[Any], joined: NDArray[Any]) -> Surroundings:
    """Return those of turns with *lengths* words; *joined* says which go on the session of the one before."""
    own = lengths.astype(np.float32)
    mean, back, forth, around = max(float(own.mean()), 1.0), own, own, own
    found = [own / mean]
    for reach in range(1, REACHES):
        back = np.concatenate([[0], back[:-1]]) * joined
        forth = np.append((forth * joined)[1:], 0)
        around = around + back + forth
        found.append(around / ((2 * reach + 1) * mean))
    damping = (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * np.array(found)))
    return Surroundings(joined[1:] * np.uint8((1 << _BITS) - 1), damping.astype(np.float32))


def scored(holders: Sequence[NDArray[Any]], around: Surroundings) -> NDArray[Any]:
    """Return the BM25 of each place, a row for each reach; *holders* are the places of each word, each place once.

    The formula: Robertson and Zaragoza 2009.
    """
    if not holders:
        return np.zeros_like(around.damping)
    parts = [holders[first : first + _BITS] for first in range(0, len(holders), _BITS)]
    scores: NDArray[Any] = functools.reduce(np.add, [_summed(part, around) for part in parts])
    scores *= around.damping
    return scores


def _summed(holders: Sequence[NDArray[Any]], around: Surroundings) -> NDArray[Any]:
    """Return what at most eight words add to each score: of each its rarity, where it stands."""
    count, table, sizes = around.damping.shape[1], [0.0], [len(places) for places in holders]
    for size in sizes:
        rarity = math.log1p((count - size + 0.5) / (size + 0.5))
        table += [score + rarity for score in table]
    own = np.bincount(np.concatenate(holders), np.repeat(_BIT[: len(sizes)], sizes), count)
    return np.array(table, np.float32).take(_windows(own, around.goes_on), mode="clip")


def _windows(own: NDArray[Any], goes_on: NDArray[Any]) -> NDArray[Any]:
    """Return the bits of each place, of which each has its *own*, and of the windows around it."""
    bits = np.empty((REACHES, len(own)), np.uint8)
    bits[0] = own
    for near, wide in pairwise(bits):
        wide[:] = near
        after, before = wide[1:], wide[:-1]
        np.bitwise_or(after, near[:-1] & goes_on, after)
        np.bitwise_or(before, near[1:] & goes_on, before)
    return bits
