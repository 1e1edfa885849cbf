"""Who is speaking: a verified token says so, and nothing else does.

RS256 JWTs checked against a JWKS, on a laptop as in the cloud: Cognito's access tokens there, tokens signed by a key
of its own here.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from runtime.errors import Expired, Unauthorized

_BEARER = "bearer."
_USER = re.compile(r"[A-Za-z0-9._:@-]{1,128}")
_LEEWAY = 60.0  # Clocks of the issuer and of this machine may differ by so many seconds.
_TOKEN_CHARACTERS = 8_192


@dataclass(frozen=True, slots=True)
class Identity:
    """A verified user; *signed_in* is the instant of the sign-in, where the token says it."""

    user: str
    expires: float
    minor: bool = False
    signed_in: float | None = None

    def check(self, now: float) -> None:
        """Raise `Expired` if the token's time is over."""
        if now >= self.expires + _LEEWAY:
            raise Expired("the token has expired: sign in again, then connect again")


class Verifier:
    """Checks tokens of one issuer against its public keys."""

    def __init__(self, jwks: Mapping[str, Any], *, issuer: str, clients: frozenset[str]) -> None:
        """Trust the keys of *jwks* for tokens of *issuer* that were given to one of *clients*."""
        self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(dict(jwks)).keys}
        self._issuer, self._clients = issuer, clients

    def verify(self, token: str, now: float) -> Identity:
        """Return whose *token* it is; raise `Expired` or, where it proves nothing, `Unauthorized`."""
        identity = _identity(self._claims(token), self._clients)
        identity.check(now)
        return identity

    def _claims(self, token: str) -> dict[str, Any]:
        if len(token) > _TOKEN_CHARACTERS:
            raise Unauthorized("the token is too long to be one of ours")
        try:
            key = self._keys[jwt.get_unverified_header(token).get("kid", "")]
            # The instant is checked by `Identity.check` on the clock that was injected.
            return jwt.decode(
                token,
                key,
                algorithms=["RS256"],
                issuer=self._issuer,
                options={
                    "require": ["exp", "iss", "sub"],
                    "verify_exp": False,
                    "verify_aud": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, KeyError, ValueError, RecursionError) as error:
            # The last two: characters that no token has, and JSON that is nested too deeply.
            raise Unauthorized("the token is not one that can be verified here") from error


def bearer(subprotocols: str) -> str:
    """Return the token among the *subprotocols* of a handshake; raise `Unauthorized` if none is."""
    offered = (part.strip() for part in subprotocols.split(","))
    token = next((part.removeprefix(_BEARER) for part in offered if part.startswith(_BEARER)), "")
    if not token:
        raise Unauthorized("no token was given: offer the subprotocols companion.v1 and bearer.<token>")
    return token


def is_user(user: str) -> bool:
    """Say whether *user* can be a user's id."""
    return _USER.fullmatch(user) is not None


def pseudonym(user: str) -> str:
    """Return a name for *user* that does not show who it is, unless somebody guesses and asks for the same name."""
    return hashlib.sha256(f"companion\n{user}".encode()).hexdigest()


def _identity(claims: dict[str, Any], clients: frozenset[str]) -> Identity:
    user, expires, client = claims["sub"], _instant(claims["exp"]), claims.get("client_id")
    if claims.get("token_use") != "access" or not isinstance(client, str) or client not in clients:
        raise Unauthorized("the token is not an access token for this service")
    if not isinstance(user, str) or not is_user(user):
        raise Unauthorized("the token's user id is not one that can be used here")
    if expires is None:
        raise Unauthorized("the token's expiry is not an instant")
    return Identity(user, expires, claims.get("minor") is True, _instant(claims.get("auth_time")))


def _instant(claim: object) -> float | None:
    """Return *claim* as Unix seconds, None where it is no instant."""
    if isinstance(claim, bool) or not isinstance(claim, int | float):
        return None
    try:
        return float(claim) if math.isfinite(claim) else None
    except OverflowError:
        return None
