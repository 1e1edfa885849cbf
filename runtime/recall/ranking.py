"""Candidates in the order of what is known to work: a weighted sum of the legs' scores, each normalised to 0..1.

It beats fusion by ranks; recency as a factor loses always, so that time counts by the dates that are named alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from runtime.conversation import Memory, Recalled
from runtime.ports import Candidate, Cue
from runtime.recall.words import spoken

_SMOOTHED: Final = "_smoothed"
_LEGS: Final = MappingProxyType(
    {
        "words": 0.10,
        "nearby": 0.10,
        "around": 0.10,
        "words_smoothed": 0.10,
        "meaning": 0.35,
        "meaning_nearby": 0.25,
        "meaning_smoothed": 0.10,
    }
)


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each leg counts; a leg's `_smoothed` form is s + .5 s(before) + .25 s(after) over its neighbours."""

    legs: Mapping[str, float] = field(default_factory=lambda: _LEGS)
    speaker: float = 0.15
    date: float = 0.10


_USUAL: Final = Weights()


def rank(
    candidates: Sequence[Candidate], cue: Cue, weights: Weights | None = None, limit: int | None = None
) -> list[Recalled]:
    """Return the best *limit* of *candidates* for *cue* (None: all), the best first, each with what speaks for it."""
    weights = weights or _USUAL
    named = _named(candidates, cue)
    keys: list[tuple[float, float, str, int]] = []
    for place, (candidate, score) in enumerate(zip(candidates, _summed(candidates, weights), strict=True)):
        memory, extra = candidate.memory, 0.0
        if memory.speaker in named:
            extra = weights.speaker
        if cue.dates and _is_dated(memory, cue):
            extra += weights.date
        keys.append((-score - extra, -memory.at, memory.id, place))
    keys.sort()
    best = ((candidates[place], -score) for score, _, _, place in keys[:limit])
    return [Recalled(candidate.memory, score, _legs(candidate, cue, named)) for candidate, score in best]


def _named(candidates: Sequence[Candidate], cue: Cue) -> frozenset[str]:
    """Return the speakers that the question may ask about."""
    names = {candidate.memory.speaker for candidate in candidates}
    return frozenset(name for name in names if name in cue.speakers or not cue.speakers.isdisjoint(spoken(name)))


def _summed(candidates: Sequence[Candidate], weights: Weights) -> list[float]:
    """Return each candidate's weighted sum of the legs that any store has."""
    raw = [candidate.scores for candidate in candidates]
    known = set[str]().union(*raw)
    totals = [0.0] * len(candidates)
    for leg, weight in weights.legs.items():
        name = leg.removesuffix(_SMOOTHED)
        if name in known:
            scores = [its.get(name, 0.0) for its in raw]
            _add(weight, scores if name == leg else _smoothed(scores, candidates), totals)
    return totals


def _add(weight: float, scores: list[float], totals: list[float]) -> None:
    """Add *weight* x *scores*, brought to 0..1, to *totals*; of scores that are all the same, those above 0 count."""
    low, high = min(scores), max(scores)
    low, span = (low, high - low) if low < high else (0.0, high if high > 0 else math.inf)
    totals[:] = [total + weight * ((score - low) / span) for total, score in zip(totals, scores, strict=True)]


def _smoothed(scores: list[float], candidates: Sequence[Candidate]) -> list[float]:
    """Return *scores*, each with a part of its neighbours'."""
    by_id = {candidate.memory.id: score for candidate, score in zip(candidates, scores, strict=True)}
    smoothed = scores.copy()
    for place, candidate in enumerate(candidates):
        if candidate.before is not None:
            smoothed[place] += 0.5 * by_id.get(candidate.before, 0.0)
        if candidate.after is not None:
            smoothed[place] += 0.25 * by_id.get(candidate.after, 0.0)
    return smoothed


def _legs(candidate: Candidate, cue: Cue, named: frozenset[str]) -> tuple[str, ...]:
    """Return what speaks for *candidate*."""
    legs = [leg for leg, raw in candidate.scores.items() if raw > 0]
    if candidate.memory.speaker in named:
        legs.append("speaker")
    if cue.dates and "date" not in legs and _is_dated(candidate.memory, cue):
        legs.append("date")
    return tuple(legs)


def _is_dated(memory: Memory, cue: Cue) -> bool:
    return any(since <= memory.at < until for since, until in cue.dates)
