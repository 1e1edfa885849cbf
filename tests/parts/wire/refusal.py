"""A service's own error, as its clients see it."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(eq=False)
class Refusal(Exception):
    """An error answer; *status* 0 is the one that the service's model gives the *code* (400 where it gives none)."""

    code: str
    message: str
    status: int = 0
    more: dict[str, object] = field(default_factory=dict)
