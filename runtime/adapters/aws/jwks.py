"""A user pool's public keys, fetched when they are needed and kept: asked for again where a token names another one.

Whoever makes up key ids could have them fetched as often as they like, so that happens once a minute at most. Keys that
were withdrawn are trusted for an hour at most. Nothing here needs AWS's libraries, which take longer to load than this.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from urllib.request import urlopen

import jwt

from runtime.errors import Unavailable
from runtime.identity import Identity
from runtime.identity.token import Verifier
from runtime.ports import Clock

_APART, _KEPT = 60.0, 3600.0
_SECONDS, _LARGEST = 3.0, 100_000


class KeptKeys:
    """Verifies tokens of *issuer* for one of *clients*, against the keys that *fetch* returns as a JWKS in JSON."""

    def __init__(self, fetch: Callable[[], bytes], clock: Clock, *, issuer: str, clients: frozenset[str]) -> None:
        self._fetch, self._clock = fetch, clock
        self._issuer, self._clients = issuer, clients
        self._verifier: Verifier | None = None
        self._fetched = self._tried = -math.inf

    def verify(self, token: str) -> Identity:
        """Return whose *token* it is; raise `Expired`, `Unauthorized`, or `Unavailable` while there are no keys."""
        now = self._clock.now()
        verifier = self._verifier
        if verifier is None or now - self._fetched >= _KEPT or not verifier.knows(token):
            verifier = self._newer(now)
        return verifier.verify(token, now)

    def _newer(self, now: float) -> Verifier:
        """Return the keys as they are now, or where that was tried just now or fails, those that are here."""
        if now - self._tried >= _APART:
            self._tried = now
            try:
                self._verifier, self._fetched = self._made(), now
            except (OSError, ValueError, TypeError, AttributeError, jwt.PyJWTError) as error:
                if self._verifier is None:
                    self._tried = -math.inf
                    raise Unavailable("the keys of the user pool cannot be fetched") from error
        if self._verifier is None:
            raise Unavailable("the keys of the user pool were not there just now")
        return self._verifier

    def _made(self) -> Verifier:
        return Verifier(json.loads(self._fetch()), issuer=self._issuer, clients=self._clients)


def fetched(url: str) -> bytes:
    """Return what is at *url*."""
    with urlopen(url, timeout=_SECONDS) as answer:  # noqa: S310 - the address is a setting.
        return bytes(answer.read(_LARGEST))
