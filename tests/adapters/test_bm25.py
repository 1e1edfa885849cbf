"""Scores of all windows at once are those of the formula, one window after another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.local import bm25

Turn = tuple[frozenset[int], bool]
_TURNS = st.lists(st.tuples(st.frozensets(st.integers(0, 10)), st.booleans()), min_size=1, max_size=12)


def window(turns: Sequence[Turn], place: int, reach: int) -> list[int]:
    """Return the places that are at most *reach* turns from *place* in its session."""
    first = last = place
    while first > 0 and place - first < reach and turns[first][1]:
        first -= 1
    while last + 1 < len(turns) and last - place < reach and turns[last + 1][1]:
        last += 1
    return list(range(first, last + 1))


def plain(turns: Sequence[Turn], place: int, reach: int) -> float:
    """Return BM25 of all words for one window."""
    windows = [window(turns, other, reach) for other in range(len(turns))]
    bags = [frozenset[int]().union(*(turns[one][0] for one in places)) for places in windows]
    mean = max(sum(len(words) for words, _ in turns) / len(turns), 1.0) * (2 * reach + 1)
    length = sum(len(turns[one][0]) for one in windows[place]) / mean
    held = [sum(word in words for words, _ in turns) for word in bags[place]]
    rarity = sum(math.log1p((len(turns) - count + 0.5) / (count + 0.5)) for count in held)
    return rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length))


@given(_TURNS)
def test_scores_are_those_of_the_formula_for_any_number_of_words(turns: Sequence[Turn]) -> None:
    turns = [(turns[0][0], False), *turns[1:]]
    joined = np.array([goes_on for _, goes_on in turns])
    lengths = np.array([len(words) for words, _ in turns])
    holders = [np.array([place for place, (words, _) in enumerate(turns) if word in words]) for word in range(11)]

    held = [places for places in holders if len(places)]
    scores = bm25.scored(held, bm25.surroundings(lengths, joined))

    expected = [[plain(turns, place, reach) for place in range(len(turns))] for reach in range(bm25.REACHES)]
    assert scores.tolist() == [pytest.approx(row, rel=1e-4, abs=1e-6) for row in expected]
