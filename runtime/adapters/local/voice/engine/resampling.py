"""Audio at another rate: each sample at 16 kHz is a windowed sinc's weighted sum of its neighbours.

The phases of two rates repeat, so each one's weights are computed once.
"""

from __future__ import annotations

import math
from array import array
from operator import mul
from typing import Final

RATE: Final = 16_000
_REACH: Final = 8  # Neighbours on each side.
_LOUDEST: Final = 32_767


class Resampler:
    """Takes samples at *rate* as they come, returns those at 16 kHz as far as their neighbours are known."""

    def __init__(self, rate: int) -> None:
        common = math.gcd(rate, RATE)
        self._step, self._phases = rate // common, RATE // common
        cutoff = min(1.0, RATE / rate)
        self._weights = [_weights(phase / self._phases, cutoff) for phase in range(self._phases)]
        self._known: array[int] = array("h", bytes(2 * _REACH))  # The first of them stands for place - _REACH.
        self._place = self._phase = 0

    def push(self, samples: array[int]) -> bytes:
        """Take *samples*; return what is certain by them, as bytes."""
        self._known += samples
        made: array[int] = array("h")
        while self._place + 2 * _REACH <= len(self._known):
            window = self._known[self._place : self._place + 2 * _REACH]
            value = round(sum(map(mul, self._weights[self._phase], window)))
            made.append(max(-_LOUDEST, min(_LOUDEST, value)))
            self._advance()
        del self._known[: self._place]
        self._place = 0
        return made.tobytes()

    def end(self) -> bytes:
        """Return what is left when nothing follows."""
        return self.push(array("h", bytes(2 * _REACH)))

    def _advance(self) -> None:
        moved, self._phase = divmod(self._phase + self._step, self._phases)
        self._place += moved


def _weights(offset: float, cutoff: float) -> tuple[float, ...]:
    """Return the weights of the samples around a place that is *offset* of a sample behind the middle one."""
    weights = []
    for number in range(2 * _REACH):
        distance = number - _REACH - offset
        window = 0.5 + 0.5 * math.cos(math.pi * distance / (_REACH + 1))
        angle = math.pi * distance * cutoff
        weights.append(window * cutoff * (math.sin(angle) / angle if angle else 1.0))
    total = sum(weights)
    return tuple(weight / total for weight in weights)
