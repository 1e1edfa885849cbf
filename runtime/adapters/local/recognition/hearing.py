"""One stream of sound into utterances: the detector decides what the decoder listens to, in the stream's own time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol

from runtime.adapters.local.recognition.endpointing import FRAME_BYTES, FRAME_SECONDS, Endpoints, Step
from runtime.adapters.local.recognition.stabilising import stabilised
from runtime.adapters.local.recognition.utterance import BYTES_A_SECOND, Utterance, Word

_GUESS_EVERY: Final = 4


class Decoder(Protocol):
    """What makes words of an utterance's sound, with times from its first sample."""

    def begin(self) -> None: ...

    def listen(self, sound: bytes) -> None: ...

    def guess(self) -> Sequence[Word]: ...

    def end(self) -> Sequence[Word]: ...


class Hearing:
    """Hears one stream of 16 kHz, 16 bit, one channel; *likely* tells how likely a frame holds a voice."""

    def __init__(self, likely: Callable[[bytes], float], decoder: Decoder) -> None:
        self._likely, self._decoder = likely, decoder
        self._endpoints = Endpoints()
        self._left = b""
        self._frames = self._number = 0
        self._start = 0.0
        self._known = Utterance(0, 0.0, 0.0, final=True, words=())

    def hear(self, sound: bytes) -> list[Utterance]:
        """Return what *sound* lets one hear that was not known before; any number of bytes may come at a time."""
        sound = self._left + sound
        whole = len(sound) - len(sound) % FRAME_BYTES
        self._left = sound[whole:]
        frames = (sound[place : place + FRAME_BYTES] for place in range(0, whole, FRAME_BYTES))
        return [news for frame in frames for news in self._frame(frame)]

    def finish(self) -> list[Utterance]:
        """Return what is being said, finally: nothing follows."""
        if not self._endpoints.speaking:
            return []
        self._endpoints.end()
        return list(self._final())

    def _frame(self, frame: bytes) -> Iterator[Utterance]:
        self._frames += 1
        step = self._endpoints.take(frame, self._likely(frame))
        if step.begins:
            self._begin(step)
        if step.sound:
            self._decoder.listen(step.sound)
        if step.ends:
            yield from self._final()
        elif step.sound and self._frames % _GUESS_EVERY == 0:
            yield from self._guess()

    def _begin(self, step: Step) -> None:
        self._number += 1
        self._start = self._now() - len(step.sound) / BYTES_A_SECOND
        self._known = Utterance(self._number, self._start, self._start, final=False, words=())
        self._decoder.begin()

    def _guess(self) -> Iterator[Utterance]:
        words = stabilised(self._known.words, self._placed(self._decoder.guess()), self._now())
        if words and words != self._known.words:
            self._known = Utterance(self._number, words[0].start, words[-1].end, final=False, words=words)
            yield self._known

    def _final(self) -> Iterator[Utterance]:
        words = stabilised(self._known.words, self._placed(self._decoder.end()), self._now())
        words = tuple(Word(word.text, word.start, word.end, stable=True) for word in words)
        if words or self._known.words:
            start, end = (words[0].start, words[-1].end) if words else (self._known.start, self._known.end)
            yield Utterance(self._number, start, end, final=True, words=words)

    def _placed(self, words: Sequence[Word]) -> list[Word]:
        """Return *words* with their times in the stream."""
        at = self._start
        return [Word(word.text, round(at + word.start, 3), round(at + word.end, 3)) for word in words]

    def _now(self) -> float:
        return self._frames * FRAME_SECONDS
