"""What is known of audio without hearing it: how it is cut into frames, and which words were heard by when.

Audio is 16-bit mono PCM at 16 kHz, so 32 bytes are a millisecond.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Sequence

from runtime.conversation import Heard
from runtime.protocol import server

BYTES_PER_MS = 32
_FRAME_BYTES = 18_432  # 24 KB as base64: the most that one audio frame carries.
_GROUP_BYTES = 3_200  # 100 ms: the most that is sent first, to be heard at once, and the least that is sent later.

Timeline = tuple[tuple[int, int], ...]


class Framing:
    """Cuts one chunk's audio into frames: the first at once and small, later ones few and as large as has come."""

    def __init__(self, turn: str, chunk: int) -> None:
        """Begin with part 0."""
        self._turn, self._chunk = turn, chunk
        self._part = 0
        self._pending = bytearray()
        self.played = 0

    def push(self, pcm: bytes) -> list[server.Audio]:
        """Take what has come; return the frames that are complete by it."""
        self.played += len(pcm)
        self._pending += pcm
        if self._part and len(self._pending) < _GROUP_BYTES:
            return []
        return self._flush(last=False)

    def end(self) -> list[server.Audio]:
        """Return what is left; its last frame says that it is the last."""
        return self._flush(last=True)

    def _flush(self, *, last: bool) -> list[server.Audio]:
        data, self._pending = bytes(self._pending), bytearray()
        starts = [0, *range(_FRAME_BYTES if self._part else _GROUP_BYTES, len(data), _FRAME_BYTES)]
        frames = [
            server.Audio(
                turn=self._turn,
                chunk=self._chunk,
                part=self._part + number,
                format="pcm_16000",
                data=b64encode(data[start:end]).decode(),
                last=last and end is None,
            )
            for number, (start, end) in enumerate(zip(starts, [*starts[1:], None], strict=True))
        ]
        self._part += len(frames)
        return frames


def spoken(text: str, ms: int, words: Sequence[tuple[int, int, int]], *, from_ms: int, from_char: int) -> Timeline:
    """Say by which millisecond of a turn's audio how many code points of its reply are heard in full.

    One chunk: its *text*, its length in *ms*, its marks (*words*; none: in proportion to the characters), and where in
    the turn it begins. A word is heard when the next one starts.
    """
    if words:
        ends = [*(offset for offset, _, _ in words[1:]), ms]
        points = [(from_ms + until, from_char + end) for until, (_, _, end) in zip(ends, words, strict=True)]
    else:
        points = [
            (from_ms + round(ms * word.end() / len(text)), from_char + word.end()) for word in re.finditer(r"\S+", text)
        ]
    return (*points[:-1], (from_ms + ms, from_char + len(text)))


def heard_chars(heard: Heard, timeline: Timeline, released: int) -> int:
    """Return how many of the *released* code points were heard; without a position, or without audio, all of them."""
    if heard.chars is not None:
        return min(heard.chars, released)
    if heard.ms is None or not timeline:
        return released
    return min(max((chars for ms, chars in timeline if ms <= heard.ms), default=0), released)
