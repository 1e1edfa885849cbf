"""A laptop's own issuer of tokens: an RSA key under DATA that only its owner may read, its public half as a JWKS."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from runtime.errors import Misconfigured

ISSUER = "companion:laptop"
CLIENT = "companion-laptop"
_KEY_BITS = 2048
_FILE = "token-key.pem"


class TokenKey:
    """Signs tokens like those of the cloud's user pool."""

    def __init__(self, data: Path) -> None:
        """Read the key under *data*, made where there is none."""
        path = data / _FILE
        if not path.exists():
            _make(path)
        self._key = _read(path)
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))
        self._kid = "laptop"
        self.jwks: dict[str, Any] = {"keys": [{**public, "kid": self._kid, "use": "sig", "alg": "RS256"}]}

    def token(self, user: str, now: float, seconds: float, *, minor: bool = False) -> str:
        """Return a token for *user* that is good for *seconds* from *now*."""
        claims = {
            "iss": ISSUER,
            "client_id": CLIENT,
            "token_use": "access",
            "sub": user,
            "iat": int(now),
            "auth_time": int(now),
            "exp": int(now + seconds),
            **({"minor": True} if minor else {}),
        }
        return jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self._kid})


def _read(path: Path) -> rsa.RSAPrivateKey:
    path.chmod(0o600)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise _useless(path) from error
    if not isinstance(key, rsa.RSAPrivateKey):
        raise _useless(path)
    return key


def _useless(path: Path) -> Misconfigured:
    return Misconfigured(
        f"got: {path}; why not: it is no RSA key without a password; "
        "instead: delete it, and a new one is made (tokens of the old one are void)"
    )


def _make(path: Path) -> None:
    """Make a key at *path*, unless another process is the first to."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=_KEY_BITS)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    # Written aside and linked, so that a process that dies here leaves no half key, and two that begin have one.
    aside = path.with_name(f"{_FILE}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(pem)
    with suppress(FileExistsError):
        path.hardlink_to(aside)
    aside.unlink()
