"""AWS's event-stream encoding: prelude, headers and payload, each under its CRC; one message in each frame."""

from __future__ import annotations

from binascii import crc32
from collections.abc import Iterator, Mapping
from struct import Struct
from typing import Final

from runtime.errors import BadFrame

_PRELUDE: Final = Struct("!III")
_CRC: Final = Struct("!I")
_LENGTH: Final = Struct("!H")
_BYTES, _STRING = 6, 7
_FIXED: Final = {0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16}  # Bytes of the value, by its type.


def encode(headers: Mapping[str, str], payload: bytes) -> bytes:
    """Return a message with *headers*, all of them text."""
    head = b"".join(_header(name.encode(), value.encode()) for name, value in headers.items())
    sizes = _PRELUDE.pack(_PRELUDE.size + len(head) + len(payload) + _CRC.size, len(head), 0)[:8]
    message = sizes + _CRC.pack(crc32(sizes)) + head + payload
    return message + _CRC.pack(crc32(message))


def decode(message: bytes) -> tuple[dict[str, str], bytes]:
    """Return the headers that are text, and the payload; raise `BadFrame` for anything that is no whole message."""
    if len(message) < _PRELUDE.size + _CRC.size:
        raise BadFrame(f"got {len(message)} bytes, which is less than an event has")
    total, head, checksum = _PRELUDE.unpack_from(message)
    if checksum != crc32(message[: _PRELUDE.size - _CRC.size]):
        raise BadFrame("the checksum of the prelude does not match")
    if total != len(message) or head > total - _PRELUDE.size - _CRC.size:
        raise BadFrame(f"got {len(message)} bytes, where the prelude says {total} with {head} of headers")
    if _CRC.unpack(message[-_CRC.size :])[0] != crc32(message[: -_CRC.size]):
        raise BadFrame("the checksum of the message does not match")
    return dict(_headers(message[_PRELUDE.size : _PRELUDE.size + head])), message[_PRELUDE.size + head : -_CRC.size]


def _header(name: bytes, value: bytes) -> bytes:
    return bytes([len(name)]) + name + bytes([_STRING]) + _LENGTH.pack(len(value)) + value


def _headers(data: bytes) -> Iterator[tuple[str, str]]:
    left = memoryview(data)
    try:
        while left:
            name, kind, left = bytes(left[1 : left[0] + 1]), left[left[0] + 1], left[left[0] + 2 :]
            value, left = _value(kind, left)
            if kind == _STRING:
                yield name.decode(), value.decode()
    except (IndexError, KeyError, ValueError):
        raise BadFrame("the headers of the event can't be read") from None


def _value(kind: int, left: memoryview) -> tuple[bytes, memoryview]:
    size = _FIXED.get(kind)
    if size is None:
        if kind not in {_BYTES, _STRING}:
            raise KeyError(kind)
        size, left = left[0] << 8 | left[1], left[2:]
    if size > len(left):
        raise IndexError(size)
    return bytes(left[:size]), left[size:]
