"""Candidates in the order of what is known to work: a weighted sum of the legs' scores, each normalised to 0..1.

It beats fusion by ranks; recency as a factor loses always, so that time counts by the dates that are named alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from runtime.conversation import Recalled
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


def rank(candidates: Sequence[Candidate], cue: Cue, weights: Weights | None = None) -> list[Recalled]:
    """Order *candidates* for *cue*, the best first, each with the legs that speak for it."""
    weights = weights or Weights()
    totals = [0.0] * len(candidates)
    for leg, weight in weights.legs.items():
        for position, score in enumerate(_normalised(_leg(leg, candidates))):
            totals[position] += weight * score
    names = {candidate.memory.speaker for candidate in candidates}
    asked = {name for name in names if cue.speakers.intersection(spoken(name))}
    found = [
        _recalled(candidate, total, cue, weights, asked=candidate.memory.speaker in asked)
        for candidate, total in zip(candidates, totals, strict=True)
    ]
    return sorted(found, key=lambda recalled: (-recalled.score, -recalled.memory.at, recalled.memory.id))


def _leg(leg: str, candidates: Sequence[Candidate]) -> list[float]:
    """Return each candidate's score on *leg*; nothing at all where no store has that leg."""
    raw = leg.removesuffix(_SMOOTHED)
    if not any(raw in candidate.scores for candidate in candidates):
        return []
    if raw == leg:
        return [candidate.scores.get(raw, 0.0) for candidate in candidates]
    scores: dict[str | None, float] = {candidate.memory.id: candidate.scores.get(raw, 0.0) for candidate in candidates}
    return [
        scores[candidate.memory.id] + 0.5 * scores.get(candidate.before, 0.0) + 0.25 * scores.get(candidate.after, 0.0)
        for candidate in candidates
    ]


def _normalised(scores: list[float]) -> list[float]:
    low, high = min(scores, default=0.0), max(scores, default=0.0)
    if low == high:
        return [float(score > 0) for score in scores]
    return [(score - low) / (high - low) for score in scores]


def _recalled(candidate: Candidate, score: float, cue: Cue, weights: Weights, *, asked: bool) -> Recalled:
    legs = [leg for leg, raw in candidate.scores.items() if raw > 0]
    if asked:
        score += weights.speaker
        legs.append("speaker")
    at = candidate.memory.at
    if any(since <= at < until for since, until in cue.dates):
        score += weights.date
        legs.append("date")
    return Recalled(candidate.memory, score, tuple(dict.fromkeys(legs)))
