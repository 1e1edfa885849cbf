"""The other end of the page's microphone, played by a test: audio is counted, results are sent as Transcribe does."""

from __future__ import annotations

import json
import struct
import time
from binascii import crc32
from typing import Any

from playwright.sync_api import Page, WebSocketRoute

_PATIENCE = 30.0
_PRELUDE = 12
_STRING = 7
_RATE = 16_000


class Recogniser:
    """Takes the place of every stream to `/listening` that *page* opens."""

    def __init__(self, page: Page) -> None:
        """Hear nothing yet."""
        self._page = page
        self._sockets: list[WebSocketRoute] = []
        self.samples = self.streams = self.ended = 0
        page.route_web_socket("**/listening*", self._opened)

    def understands(self, text: str, *, final: bool = False, stable: bool = True, name: str = "r1") -> None:
        """Send one result whose words end where the audio that came ends."""
        items = [
            {"Type": "pronunciation", "Content": word, "Stable": stable, "EndTime": self.samples / _RATE}
            for word in text.split()
        ]
        alternatives = [{"Transcript": text, "Items": items}]
        end = {"StartTime": 0.0, "EndTime": self.samples / _RATE}
        result = {"ResultId": name, "IsPartial": not final, "Alternatives": alternatives, **end}
        self._say("event", "TranscriptEvent", {"Transcript": {"Results": [result]}})

    def refuses(self) -> None:
        """End the stream as Transcribe does after 15 seconds without audio."""
        self._say("exception", "BadRequestException", {"Message": "Your request timed out"})

    def drop(self) -> None:
        """Lose the stream."""
        self._sockets[-1].close()

    def hears(self, seconds: float) -> None:
        """Wait for so much audio in the newest stream."""
        self.waits(lambda: self.samples >= seconds * _RATE)

    def waits(self, ready: Any) -> None:  # noqa: ANN401 - whatever can be called and asked
        """Wait until *ready* says so."""
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < deadline, (self.streams, self.samples, self.ended)
            self._page.evaluate("new Promise(requestAnimationFrame)")

    def _opened(self, socket: WebSocketRoute) -> None:
        self._sockets.append(socket)
        self.streams += 1
        self.samples = 0
        socket.on_message(self._heard)

    def _heard(self, message: str | bytes) -> None:
        assert isinstance(message, bytes)
        length, headers, checked = struct.unpack(">III", message[:_PRELUDE])
        assert (length, checked) == (len(message), crc32(message[:8]))
        assert crc32(message[:-4]) == struct.unpack(">I", message[-4:])[0]
        audio = len(message) - headers - _PRELUDE - 4
        self.samples += audio // 2
        self.ended += not audio

    def _say(self, kind: str, name: str, body: dict[str, Any]) -> None:
        self._sockets[-1].send(encoded({":message-type": kind, f":{kind}-type": name}, json.dumps(body).encode()))


def encoded(headers: dict[str, str], body: bytes) -> bytes:
    """Return one message of an event stream."""
    told = b"".join(
        struct.pack(">B", len(name)) + name.encode() + struct.pack(">BH", _STRING, len(value)) + value.encode()
        for name, value in headers.items()
    )
    prelude = struct.pack(">II", _PRELUDE + len(told) + len(body) + 4, len(told))
    message = prelude + struct.pack(">I", crc32(prelude)) + told + body
    return message + struct.pack(">I", crc32(message))
