"""What makes an erasure complete and provable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from runtime.conversation import (
    Erasure,
)


class Traces(Protocol):
    """All that one store keeps of a user, in whatever form: what erasure empties, whichever port it serves."""

    async def count(self, user: str) -> int:
        """Return how many things there are."""

    async def erase(self, user: str) -> None:
        """Drop them all, with what is held in memory, a few at a time; harmless twice."""


class Medium(Protocol):
    """What the stores are written on."""

    async def scrub(self) -> None:
        """Leave no byte of anything that was deleted, in files and logs; this may take long, and others may wait."""


class Erasures(Protocol):
    """Who was erased, kept apart from all that is backed up: a restored backup is held against it."""

    async def begin(self, user: str, epoch: int, connection: str) -> Erasure:
        """Begin an erasure of at least *epoch*, or join the one that runs; *connection* (empty: nobody) is told."""

    async def read(self, user: str) -> Erasure | None:
        """Return the last erasure of *user*."""

    async def note(self, user: str, manifest: Mapping[str, int]) -> None:
        """Keep how far the erasure that runs has come."""

    async def end(self, user: str, erasure: Erasure) -> tuple[str, ...]:
        """Keep the result, and no longer whose it is; return the connections to be told."""

    async def running(self) -> Sequence[str]:
        """Return the users whose erasure has not ended."""
