"""Who is speaking: a verified token says so, and nothing else does.

RS256 JWTs checked against a JWKS, on a laptop as in the cloud: Cognito's access tokens there, tokens signed by a key
of its own here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import jwt

from runtime.errors import Unauthorized
from runtime.identity import Identity, is_user

_BEARER = "bearer."
_TOKEN_CHARACTERS = 8_192
# The last two: characters that no token has, and JSON that is nested too deeply.
_BROKEN = (jwt.PyJWTError, ValueError, RecursionError)


class Verifier:
    """Checks tokens of one issuer against its public keys."""

    def __init__(self, jwks: Mapping[str, Any], *, issuer: str, clients: frozenset[str]) -> None:
        """Trust the keys of *jwks* for tokens of *issuer* that were given to one of *clients*."""
        self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(dict(jwks)).keys}
        self._issuer, self._clients = issuer, clients

    def knows(self, token: str) -> bool:
        """Say whether the key that *token* names is among those that are trusted; it may still not be its signer."""
        return _key_id(token) in self._keys

    def verify(self, token: str, now: float) -> Identity:
        """Return whose *token* it is; raise `Expired` or, where it proves nothing, `Unauthorized`."""
        identity = _identity(self._claims(token), self._clients)
        identity.check(now)
        return identity

    def _claims(self, token: str) -> dict[str, Any]:
        key = self._keys.get(_key_id(token))
        if key is None:
            raise Unauthorized("the token is signed by no key that is known here")
        try:
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
        except _BROKEN as error:
            raise Unauthorized("the token is not one that can be verified here") from error


def bearer(subprotocols: str) -> str:
    """Return the token among the *subprotocols* of a handshake; raise `Unauthorized` if none is."""
    offered = (part.strip() for part in subprotocols.split(","))
    token = next((part.removeprefix(_BEARER) for part in offered if part.startswith(_BEARER)), "")
    if not token:
        raise Unauthorized("no token was given: offer the subprotocols companion.v1 and bearer.<token>")
    return token


def _key_id(token: str) -> str:
    """Return the name of the key that *token* says it is signed by; raise `Unauthorized` for what is no token."""
    if len(token) > _TOKEN_CHARACTERS:
        raise Unauthorized("the token is too long to be one of ours")
    try:
        return str(jwt.get_unverified_header(token).get("kid", ""))
    except _BROKEN as error:
        raise Unauthorized("the token is not one that can be verified here") from error


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
