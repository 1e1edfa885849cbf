"""Opaque cursors: where in a list the next page begins, with a checksum that tells them from anything else."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import blake2b
from typing import Any, Final

from runtime.errors import BadFrame

_CHECK: Final = 6


def sealed(of: str, *place: float | str) -> str:
    """Return the cursor for *place* in the list *of*."""
    payload = json.dumps(place).encode()
    return urlsafe_b64encode(_check(of, payload) + payload).decode().rstrip("=")


def opened(of: str, cursor: str) -> tuple[Any, ...]:
    """Return the place that *cursor* was made for; raise `BadFrame` where it is none of the list *of*."""
    try:
        sealed_bytes = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        check, payload = sealed_bytes[:_CHECK], sealed_bytes[_CHECK:]
        if check == _check(of, payload):
            return tuple(json.loads(payload))
    except ValueError:
        pass
    raise BadFrame(
        f"got a cursor of {len(cursor):,} characters that no page of this list gave: take the last page's, or none"
    )


def _check(of: str, payload: bytes) -> bytes:
    return blake2b(of.encode("utf-8", "surrogatepass") + b"\n" + payload, digest_size=_CHECK).digest()
