"""The one way in which the bridge says no: what it got, why that cannot be, and what to do instead."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class Refused(Exception):
    """Something that will not be read or written; its text is for people and never repeats a secret."""

    @classmethod
    def because(cls, *, got: str, why: str, instead: str) -> Self:
        """Refuse one thing."""
        return cls(f"got:     {got}\nwhy:     {why}\ninstead: {instead}")

    @classmethod
    def together(cls, refusals: Iterable[Refused]) -> Self:
        """Refuse several things at once, so that all can be put right at once."""
        return cls("\n\n".join(str(refusal) for refusal in refusals))


class Held(Refused):
    """Somebody else holds the lock, and held it for as long as we were told to wait."""
