"""A process that hears one stream after the other: sound comes in, what was heard goes out, nothing is kept.

It lives as long as somebody can write to it: when its parent is gone, however it went, the pipe has an end.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import BinaryIO, Protocol

from runtime.adapters.local.recognition.messages import END, FORGET, HEAD, SOUND, heard
from runtime.adapters.local.recognition.utterance import Utterance


class Hears(Protocol):
    """What hears a stream."""

    def hear(self, sound: bytes) -> list[Utterance]: ...

    def finish(self) -> list[Utterance]: ...


def serve(incoming: BinaryIO, outgoing: BinaryIO, stream: Callable[[], Hears]) -> None:
    """Answer until *incoming* ends; *stream* begins to hear anew."""
    hears = stream()
    outgoing.write(heard([]))  # Ready.
    while len(head := incoming.read(HEAD.size)) == HEAD.size:
        kind, length = HEAD.unpack(head)
        body = incoming.read(length)
        if kind in {SOUND, END}:
            outgoing.write(heard(hears.hear(body) if kind == SOUND else hears.finish()))
        if kind in {END, FORGET}:
            hears = stream()


def main() -> None:
    """Serve on the standard streams, which the engines then can't write to."""
    with os.fdopen(os.dup(0), "rb") as incoming, os.fdopen(os.dup(1), "wb", buffering=0) as outgoing:
        nothing = os.open(os.devnull, os.O_RDWR)
        os.dup2(nothing, 0)
        os.dup2(nothing, 1)
        from runtime.adapters.local.recognition.engine import Engine

        serve(incoming, outgoing, Engine().hearing)


if __name__ == "__main__":
    main()
