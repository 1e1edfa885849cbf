"""What the services need, as published: a distribution goes through its percentiles, and is log-normal between them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from statistics import NormalDist

_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Published:
    """A latency by what is known of it: percent and milliseconds, ascending."""

    known: tuple[tuple[float, float], ...]

    def at(self, share: float) -> float:
        """Return the milliseconds that *share* of all do not exceed; beyond what is known it goes on as before."""
        score = _NORMAL.inv_cdf(share)
        points = [(_NORMAL.inv_cdf(percent / 100), math.log(ms)) for percent, ms in self.known]
        pieces = list(pairwise(points))
        (x, y), (other_x, other_y) = next((piece for piece in pieces if score <= piece[1][0]), pieces[-1])
        return math.exp(y + (score - x) * (other_y - y) / (other_x - x))

    def drawn(self, count: int, dice: Random) -> list[float]:
        """Return *count* latencies in any order whose percentiles are the published ones."""
        drawn = [self.at((number + 0.5) / count) for number in range(count)]
        dice.shuffle(drawn)
        return drawn


FINAL = Published(((50, 1_136), (95, 1_527), (99, 1_897)))
"""Amazon Transcribe: from the end of speech to the final result."""

FIRST_TOKEN = Published(((50, 637), (95, 1_615)))
"""The language model's first token."""

FIRST_BYTE = Published(((50, 150), (95, 300)))
"""Amazon Polly's first byte."""

PARTIALS = (100.0, 200.0)
"""Amazon Transcribe: the milliseconds from one partial result to the next."""
