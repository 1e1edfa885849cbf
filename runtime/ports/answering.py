"""What makes an answer, judges it, speaks it, and hears what is said."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import Protocol

from runtime.conversation import (
    Invitation,
    Marks,
    Passage,
    Pcm,
    Prompt,
    Usage,
    Verdict,
)


class Model(Protocol):
    """What answers."""

    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Yield the answer's text as it comes, in pieces of any size, and its usage once, last.

        Where `prompt.answered` is not empty, only what comes after it. An empty piece is a sign of life (thinking).
        Closing the iterator stops the work and closes the connection. Raises `Unavailable` before or between pieces.
        """


class Moderator(Protocol):
    """What decides whether a passage may be shown, spoken, stored."""

    async def judge(self, passage: Passage) -> Verdict:
        """Return the verdict on `passage.text`; `passage.before` is context, and never part of the verdict's text.

        Must never answer `allow` for want of an answer: raises `Unavailable` instead.
        """


class Synthesiser(Protocol):
    """What speaks."""

    def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Yield audio as it is made, and at most once the marks of its words, at any time."""


class Recogniser(Protocol):
    """What listens: not to the words of this program, to a microphone that talks to it alone."""

    async def invite(self, user: str, language: str) -> Invitation:
        """Return where *user* may stream audio of *language* to; it speaks Transcribe's WebSocket protocol.

        An address without a host is one of the server that was asked. Raises `NotOffered` for a language that nobody
        here understands.
        """


class Embedder(Protocol):
    """What tells how near two texts are in meaning.

    *name* says whose vectors these are: no other's may be compared with them. `Refused` and `Transient` are failures
    that recall and the background do without.
    """

    @property
    def name(self) -> str:
        """Return the model's name, the same for as long as its vectors are the same."""

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        """Return a vector of length 1 for each of *texts*, in their order, all of one dimension."""
