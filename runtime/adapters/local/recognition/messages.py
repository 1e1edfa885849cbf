"""What passes between a worker and its parent: a length and a kind before each message, both ways through pipes."""

from __future__ import annotations

from struct import Struct
from typing import Final

import msgspec

from runtime.adapters.local.recognition.utterance import Utterance

HEAD: Final = Struct("!BI")
SOUND, END, FORGET, HEARD = range(4)

_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(list[Utterance]).decode


def message(kind: int, body: bytes = b"") -> bytes:
    """Return a message as it is written."""
    return HEAD.pack(kind, len(body)) + body


def heard(utterances: list[Utterance]) -> bytes:
    """Return the answer to sound, or to its end."""
    return message(HEARD, _encode(utterances))


def read(body: bytes) -> list[Utterance]:
    """Return what an answer says."""
    return _decode(body)
