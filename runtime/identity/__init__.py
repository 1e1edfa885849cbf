"""Who is speaking, once that is known. How it becomes known, by a token, is `runtime.identity.token`'s own matter.

They are apart because whoever is told by something trusted (API Gateway's authorizer) needs no cryptography.
"""

from __future__ import annotations

import hashlib
import hmac
import re

from msgspec import Struct

from runtime.errors import Expired

_USER = re.compile(r"[A-Za-z0-9._:@-]{1,128}")
_LEEWAY = 60.0  # Clocks of the issuer and of this machine may differ by so many seconds.


class Identity(Struct, frozen=True):
    """A verified user; *signed_in* is the instant of the sign-in, where the token says it."""

    user: str
    expires: float
    minor: bool = False
    signed_in: float | None = None

    def check(self, now: float) -> None:
        """Raise `Expired` if the token's time is over."""
        if now >= self.expires + _LEEWAY:
            raise Expired("the token has expired: sign in again, then connect again")


def is_user(user: str) -> bool:
    """Say whether *user* can be a user's id."""
    return _USER.fullmatch(user) is not None


def pseudonym(user: str, secret: str = "") -> str:
    """Return a name for *user* that shows who it is to nobody but those who guess the user and know the *secret*."""
    return hmac.digest(secret.encode(), user.encode(), "sha256").hex() if secret else _plain(user)


def _plain(user: str) -> str:
    return hashlib.sha256(f"companion\n{user}".encode()).hexdigest()
