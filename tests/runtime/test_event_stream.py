"""Events as bytes, with botocore as the judge of what we write and another writer for what we read."""

from __future__ import annotations

from struct import pack
from typing import Any
from zlib import crc32

import pytest
from botocore.eventstream import EventStreamBuffer
from hypothesis import given
from hypothesis import strategies as st

from runtime.errors import BadFrame
from runtime.server.transcription.event_stream import decode, encode
from tests.parts.wire.frames import frame

NAMES = st.text("abc:-", min_size=1, max_size=20)
HEADERS = st.dictionaries(NAMES, st.text(max_size=50), max_size=5)
OTHERS = [b"\x00", b"\x01", b"\x02\x05", b"\x03ab", b"\x04abcd", b"\x05abcdefgh", b"\x06\x00\x03abc", b"\x08abcdefgh"]


def whole(head: bytes, payload: bytes = b"") -> bytes:
    """Return a message with these bytes as its headers."""
    sizes = pack("!II", 16 + len(head) + len(payload), len(head))
    message = sizes + pack("!I", crc32(sizes)) + head + payload
    return message + pack("!I", crc32(message))


@given(HEADERS, st.binary(max_size=500))
def test_botocore_reads_what_we_write(headers: dict[str, str], payload: bytes) -> None:
    buffer = EventStreamBuffer()
    buffer.add_data(encode(headers, payload))

    event: Any = next(buffer)
    assert (event.headers, event.payload) == (headers, payload)


@given(HEADERS, st.binary(max_size=500))
def test_we_read_what_others_write(headers: dict[str, str], payload: bytes) -> None:
    assert decode(frame(headers, payload)) == (headers, payload)


@pytest.mark.parametrize("value", [*OTHERS, b"\x09" + b"u" * 16])
def test_headers_that_are_no_text_are_passed_over(value: bytes) -> None:
    text = b"\x01b\x07\x00\x02so"

    assert decode(whole(b"\x01a" + value + text, b"payload")) == ({"b": "so"}, b"payload")


@given(st.binary(max_size=300))
def test_garbage_is_refused(garbage: bytes) -> None:
    with pytest.raises(BadFrame):
        decode(garbage)


@given(st.binary(max_size=60))
def test_headers_that_are_garbage_are_refused_or_read(head: bytes) -> None:
    try:
        headers, payload = decode(whole(head, b"payload"))
    except BadFrame:
        return
    assert payload == b"payload"
    assert all(isinstance(value, str) for value in headers.values())


@given(st.integers(0, 40), st.binary(min_size=1, max_size=1))
def test_one_byte_that_was_changed_is_found(place: int, byte: bytes) -> None:
    message = frame({":event-type": "AudioEvent"}, b"sound")
    place %= len(message)
    changed = message[:place] + byte + message[place + 1 :]

    if changed != message:
        with pytest.raises(BadFrame):
            decode(changed)


@pytest.mark.parametrize("missing", range(1, 12))
def test_half_a_message_is_refused(missing: int) -> None:
    with pytest.raises(BadFrame):
        decode(frame({":event-type": "AudioEvent"}, b"sound")[:-missing])


def test_two_messages_at_once_are_refused() -> None:
    with pytest.raises(BadFrame, match="where the prelude says"):
        decode(frame({}, b"one") + frame({}, b"two"))


@pytest.mark.parametrize("head", [5, 200, 0xFFFFFFFF])
def test_headers_that_are_longer_than_the_message_are_refused(head: int) -> None:
    sizes = pack("!II", 20, head)
    message = sizes + pack("!I", crc32(sizes)) + b"abcd"

    with pytest.raises(BadFrame):
        decode(message + pack("!I", crc32(message)))
