"""Who asks, and where the answer goes."""

from __future__ import annotations

from dataclasses import dataclass

from runtime.identity import Identity


@dataclass(frozen=True, slots=True)
class Caller:
    """A verified user on one connection."""

    identity: Identity
    connection: str

    @property
    def user(self) -> str:
        """Return the user's id."""
        return self.identity.user
