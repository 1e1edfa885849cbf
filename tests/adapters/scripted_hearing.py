"""A worker process that hears by a script: sound is text here, and some texts are what goes wrong."""

from __future__ import annotations

import os
import signal
import sys

from runtime.adapters.local.recognition import worker
from runtime.adapters.local.recognition.utterance import Utterance, Word

COMMAND = (sys.executable, "-m", "tests.adapters.scripted_hearing")
DIES, HANGS = b"die!", b"hang"


class Script:
    """Hears one stream: each sound is a word of one utterance, final at the end."""

    def __init__(self) -> None:
        self._words: tuple[Word, ...] = ()

    def hear(self, sound: bytes) -> list[Utterance]:
        """Return the words up to here."""
        if sound == DIES:
            os._exit(9)
        if sound == HANGS:
            signal.pause()
        self._words += (Word(sound.decode(), float(len(self._words)), len(self._words) + 1.0),)
        return [self._utterance(final=False)]

    def finish(self) -> list[Utterance]:
        """Return all words."""
        return [self._utterance(final=True)] if self._words else []

    def _utterance(self, *, final: bool) -> Utterance:
        return Utterance(1, 0.0, float(len(self._words)), final=final, words=self._words)


if __name__ == "__main__":
    with os.fdopen(0, "rb") as incoming, os.fdopen(1, "wb", buffering=0) as outgoing:
        worker.serve(incoming, outgoing, Script)
