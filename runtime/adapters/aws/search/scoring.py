"""How well a record and its windows fit the words of a question: BM25 over one person's memories alone, as on a laptop.

The service's own scores count what everybody in a shard says, and what was deleted until segments are merged. These are
made of counts of the living records of one user, which come in the same answer as the records. A turn is short: a word
counts once in it and once in its window, and is as rare in windows as it is in turns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from runtime.adapters.aws.search.cards import Card, Neighbour

REACHES: Final = 3
"""Of each record there are three windows: itself, with one on either side, and with two."""
_SATURATION: Final = 1.2
_LENGTH: Final = 0.75


@dataclass(frozen=True, slots=True)
class History:
    """What one person's records are like: *count* of them, of *length* words on average.

    *holders*: how many of them each word of the question is in.
    """

    count: int
    length: float
    holders: Mapping[str, int]


def scored(card: Card, history: History, now: float) -> tuple[float, ...]:
    """Return BM25 of *card* for each reach (Robertson and Zaragoza 2009); an expired neighbour adds nothing."""
    found: list[float] = []
    window = card.words.split()
    for reach, beside in enumerate(((), (card.b1, card.a1), (card.b2, card.a2))):
        window += [word for one in _living(beside, now) for word in one.words.split()]
        rarity = sum(_rarity(often, history.count) for word, often in history.holders.items() if word in window)
        found.append(rarity * _damping(len(window) / ((2 * reach + 1) * max(history.length, 1.0))))
    return tuple(found)


def _living(beside: Sequence[Neighbour | None], now: float) -> list[Neighbour]:
    return [one for one in beside if one is not None and one.until > now]


def _rarity(holders: int, count: int) -> float:
    return math.log1p(max(count - holders + 0.5, 0.0) / (holders + 0.5))


def _damping(length: float) -> float:
    return (_SATURATION + 1) / (1 + _SATURATION * (1 - _LENGTH + _LENGTH * length))
