"""Where an utterance begins and ends, told from how likely a voice is in each 32 ms of sound.

It begins a little before the voice was sure and ends after half a second without one: the page has sent the turn
long before, and what follows is the next utterance. One that does not end is cut at the next breath.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Final

FRAME_BYTES: Final = 1024
FRAME_SECONDS: Final = 0.032
_VOICE, _QUIET = 0.5, 0.35
_ONSET: Final = 2
_BEFORE: Final = 10
_PAUSE: Final = 16
_LONG, _BREATH, _LONGEST = 470, 3, 940  # 15 s; 96 ms; 30 s, after which words are cut in two.


@dataclass(frozen=True, slots=True)
class Step:
    """What a frame adds: the sound to listen to (none: nobody speaks), and whether it begins or ends an utterance."""

    sound: bytes = b""
    begins: bool = False
    ends: bool = False


class Endpoints:
    """Follows one stream, frame by frame."""

    def __init__(self) -> None:
        self._before: deque[bytes] = deque(maxlen=_BEFORE)
        self._voiced = self._quiet = self._frames = 0
        self.speaking = False

    def take(self, frame: bytes, likely: float) -> Step:
        """Return what *frame* adds, in which a voice is so *likely*."""
        return self._go_on(frame, likely) if self.speaking else self._wait(frame, likely)

    def end(self) -> None:
        """Take whatever is being said as said."""
        self.speaking = False
        self._voiced = self._quiet = self._frames = 0

    def _wait(self, frame: bytes, likely: float) -> Step:
        self._before.append(frame)
        self._voiced = self._voiced + 1 if likely >= _VOICE else 0
        if self._voiced < _ONSET:
            return Step()
        self.speaking, sound = True, b"".join(self._before)
        self._frames = len(self._before)
        self._before.clear()
        return Step(sound, begins=True)

    def _go_on(self, frame: bytes, likely: float) -> Step:
        self._frames += 1
        self._quiet = self._quiet + 1 if likely < _QUIET else 0
        ends = self._quiet >= (_BREATH if self._frames > _LONG else _PAUSE) or self._frames >= _LONGEST
        if ends:
            self.end()
        return Step(frame, ends=ends)
