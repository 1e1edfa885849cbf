"""The frames between an engine's process and ours: a kind, a length, and what it is."""

from __future__ import annotations

import json
import struct
from typing import BinaryIO, Final

READY: Final = b"r"
FAILED: Final = b"f"
AUDIO: Final = b"a"
MARKS: Final = b"m"
END: Final = b"e"
HEAD: Final = struct.Struct("<cI")
LENGTH: Final = struct.Struct("<I")

_BYTES_PER_MS: Final = 32


def write(frames: BinaryIO, kind: bytes, data: bytes) -> None:
    """Write a frame at once: whoever waits for it waits for its first byte."""
    frames.write(HEAD.pack(kind, len(data)) + data)
    frames.flush()


def read(texts: BinaryIO) -> bytes | None:
    """Return the next text; None when no more comes."""
    head = texts.read(LENGTH.size)
    return texts.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


class Speech:
    """One text's sound on its way out: 16-bit mono samples at 16 kHz, and when each of its words begins."""

    def __init__(self, frames: BinaryIO) -> None:
        self._frames, self._bytes = frames, 0
        self._words: list[tuple[int, int, int]] = []

    @property
    def ms(self) -> int:
        """Return how long what was said is, in milliseconds."""
        return self._bytes // _BYTES_PER_MS

    def say(self, samples: bytes) -> None:
        """Send a piece of audio."""
        if samples:
            self._bytes += len(samples)
            write(self._frames, AUDIO, samples)

    def mark(self, ms: int, start: int, end: int) -> None:
        """Note that the word from *start* to *end* begins at *ms*; what comes again, or too late, is no word."""
        last, _, behind = self._words[-1] if self._words else (0, 0, 0)
        if behind <= start < end:
            self._words.append((max(ms, last), start, end))

    def end(self) -> None:
        """Send the marks, and that this is all."""
        if self._words:
            write(self._frames, MARKS, json.dumps(self._words).encode())
        write(self._frames, END, b"")
