"""Who asks, and where the answer goes."""

from __future__ import annotations

from msgspec import Struct

from runtime.identity import Identity


class Caller(Struct, frozen=True):
    """A verified user on one connection; *address* is what they reached this server by, if it is one's own to know."""

    identity: Identity
    connection: str
    address: str = ""

    @property
    def user(self) -> str:
        """Return the user's id."""
        return self.identity.user
