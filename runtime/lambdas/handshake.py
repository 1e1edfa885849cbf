"""What a client offers when it opens a connection, and how it is answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

PROTOCOLS: Final = "Sec-WebSocket-Protocol"


def offered(event: Mapping[str, Any]) -> str:
    """Return the subprotocols that the client offers, which may hold a token: they go into no log and no answer."""
    return ",".join(_values(event))


def _values(event: Mapping[str, Any]) -> Iterator[str]:
    for name, values in (event.get("multiValueHeaders") or {}).items():
        if name.lower() == PROTOCOLS.lower():
            yield from values
