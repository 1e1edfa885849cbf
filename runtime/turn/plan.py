"""What a turn may cost, decided once by how long it waited: late answers are made cheaper, the latest are not made.

Shedding looks at age and not at load, because age is what the person feels; it happens only while no frame is out.
"""

from __future__ import annotations

from dataclasses import dataclass

_FULL, _SILENT, _FORGETFUL = 3.0, 8.0, 20.0
_SHORT_TOKENS = 120


@dataclass(frozen=True, slots=True)
class Plan:
    """What this turn gets: audio, long-term memory, and the most output tokens."""

    voice: bool
    memory: bool
    tokens: int


def by_age(age: float, *, tokens: int) -> Plan | None:
    """Return the plan for a turn that is *age* seconds old; None: it is too late for any answer but `busy`."""
    if age < _FULL:
        return Plan(voice=True, memory=True, tokens=tokens)
    if age < _SILENT:
        return Plan(voice=False, memory=True, tokens=tokens)
    if age < _FORGETFUL:
        return Plan(voice=False, memory=False, tokens=min(tokens, _SHORT_TOKENS))
    return None
