"""`python -m runtime.adapters.local.voice.engine ENGINE ARGUMENTS`: speaks what comes by stdin until that is closed.

What comes is UTF-8 behind its length. What goes are frames (`wire`): first `READY` or `FAILED`, then for each text its
audio as it is made, the marks of its words, and `END`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import BinaryIO

from runtime.adapters.local.voice.engine import espeak, flite, wire
from runtime.adapters.local.voice.engine.wire import Speech

_ENGINES: dict[str, Callable[..., Callable[[str, Speech], None]]] = {"flite": flite.opened, "espeak-ng": espeak.opened}


def main(arguments: list[str], texts: BinaryIO, frames: BinaryIO) -> int:
    """Open the engine, then speak text after text; return the process's exit code."""
    engine, *rest = arguments
    try:
        speak = _ENGINES[engine](*rest)
    except (OSError, AttributeError, ValueError) as error:
        wire.write(frames, wire.FAILED, f"{engine} does not start: {type(error).__name__}".encode())
        return 1
    wire.write(frames, wire.READY, b"")
    while (text := wire.read(texts)) is not None:
        speech = Speech(frames)
        speak(text.decode(), speech)
        speech.end()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:], sys.stdin.buffer, sys.stdout.buffer))
    except (BrokenPipeError, KeyboardInterrupt):
        sys.exit(0)
