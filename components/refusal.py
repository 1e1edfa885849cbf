"""The one way in which the program says no, before anything is created: got, why, instead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import pulumi


class Misconfigured(pulumi.RunError):
    """Something that cannot be deployed; Pulumi shows its text without a traceback. It never repeats a secret."""

    @classmethod
    def because(cls, *, got: str, why: str, instead: str) -> Self:
        """Refuse one thing."""
        return cls(f"got:     {got}\nwhy:     {why}\ninstead: {instead}")

    @classmethod
    def together(cls, refusals: Sequence[Misconfigured]) -> Self:
        """Refuse several things at once, so that all can be put right at once."""
        return cls("\n\n".join(str(refusal) for refusal in refusals))
