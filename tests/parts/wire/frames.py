"""AWS's event-stream frames as a service writes them: prelude, headers and payload, each under its CRC."""

from __future__ import annotations

import json
import struct
from binascii import crc32
from collections.abc import Mapping

_STRING = 7
_PRELUDE = struct.Struct("!II")
_CRC = struct.Struct("!I")
_HEADER_VALUE = struct.Struct("!BH")


def event(name: str, value: Mapping[str, object] | bytes) -> bytes:
    """Return the frame of the event *name*, its payload JSON, or bytes as they are."""
    return _typed("event", name, value)


def exception(name: str, value: Mapping[str, object]) -> bytes:
    """Return the frame of a modelled exception that ends a stream."""
    return _typed("exception", name, value)


def frame(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Return one frame."""
    head = b"".join(_header(name, value) for name, value in headers.items())
    prelude = _PRELUDE.pack(_PRELUDE.size + len(head) + len(payload) + 2 * _CRC.size, len(head))
    message = prelude + _CRC.pack(crc32(prelude)) + head + payload
    return message + _CRC.pack(crc32(message))


def _typed(kind: str, name: str, value: Mapping[str, object] | bytes) -> bytes:
    content = "application/octet-stream" if isinstance(value, bytes) else "application/json"
    payload = value if isinstance(value, bytes) else json.dumps(value, separators=(",", ":")).encode()
    return frame({f":{kind}-type": name, ":content-type": content, ":message-type": kind}, payload)


def _header(name: str, value: str) -> bytes:
    said = value.encode()
    return bytes([len(name)]) + name.encode() + _HEADER_VALUE.pack(_STRING, len(said)) + said
