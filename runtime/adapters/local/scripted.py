"""Adapters that follow a script given to their constructors: the model, moderator and voice of tests and benches.

Delays are the loop's own, so that they pass at once in virtual time; where one is 0, nothing yields to the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

from runtime import prompt as prompts
from runtime.conversation import Marks, Passage, Pcm, Prompt, Usage, Verdict, tokens
from runtime.errors import Failure

_CHARACTER = bytes(60 * 32)


class ScriptedModel:
    """Says *pieces*, the first after *first* seconds, every further one after *each*.

    *failure* is raised after *fails_after* pieces, None: never. An answer begun is continued where the pieces begin
    with it. *prompts* keeps what it was asked, *closed* counts the streams that were left before their end.
    """

    def __init__(
        self,
        pieces: Sequence[str] | Callable[[Prompt], Sequence[str]],
        *,
        first: float = 0.0,
        each: float = 0.0,
        failure: Failure | None = None,
        fails_after: int = 0,
    ) -> None:
        """Keep the script."""
        self._pieces, self._first, self._each = pieces, first, each
        self._failure, self._fails_after = failure, fails_after
        self.prompts: list[Prompt] = []
        self.closed = 0

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Say the script."""
        self.prompts.append(prompt)
        pieces = self._script(prompt)
        try:
            for number, piece in enumerate(pieces):
                await _wait(self._each if number else self._first)
                self._fail_after(number)
                yield piece
            self._fail_after(len(pieces))
            yield Usage(input_tokens=tokens(prompt.asked), output_tokens=len(pieces))
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            raise

    def _script(self, prompt: Prompt) -> Sequence[str]:
        pieces = self._pieces(prompt) if callable(self._pieces) else self._pieces
        return _pieces_after(pieces, prompt.answered) if prompt.answered else pieces

    def _fail_after(self, number: int) -> None:
        if self._failure is not None and number == self._fails_after:
            raise self._failure


class ScriptedModerator:
    """Gives the verdict that *verdicts* has for a passage's text, or makes of the passage; else it allows.

    *delay* is the time of one judgement, or makes it of the passage. A function of either kind may raise. *passages*
    keeps what was judged.
    """

    def __init__(
        self,
        verdicts: Mapping[str, Verdict] | Callable[[Passage], Verdict] | None = None,
        *,
        delay: float | Callable[[Passage], float] = 0.0,
    ) -> None:
        """Keep the script."""
        self._verdicts, self._delay = verdicts or {}, delay
        self.passages: list[Passage] = []

    async def judge(self, passage: Passage) -> Verdict:
        """Judge by the script."""
        self.passages.append(passage)
        await _wait(self._delay(passage) if callable(self._delay) else self._delay)
        if callable(self._verdicts):
            return self._verdicts(passage)
        return self._verdicts.get(passage.text, Verdict("allow", passage.text))


class ScriptedSynthesiser:
    """Speaks each text as *pieces* of samples, or what they make of it (None: 60 ms of silence a character).

    Marks come first where *marks* says so. The first piece takes *first* seconds, every further one *each*; *failure*
    is raised after the last. *texts* keeps what it was given.
    """

    def __init__(
        self,
        pieces: Sequence[bytes] | Callable[[str], Sequence[bytes]] | None = None,
        *,
        first: float = 0.0,
        each: float = 0.0,
        marks: bool = False,
        failure: Failure | None = None,
    ) -> None:
        """Keep the script."""
        self._pieces = pieces
        self._first, self._each, self._marks, self._failure = first, each, marks, failure
        self.texts: list[str] = []

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Speak by the script."""
        self.texts.append(text)
        if self._marks:
            yield _marks(text)
        for number, piece in enumerate(self._samples(text)):
            await _wait(self._each if number else self._first)
            yield Pcm(piece)
        if self._failure is not None:
            raise self._failure

    def _samples(self, text: str) -> Sequence[bytes]:
        if self._pieces is None:
            return [_CHARACTER] * len(text)
        return self._pieces(text) if callable(self._pieces) else self._pieces


def _pieces_after(pieces: Sequence[str], answered: str) -> list[str]:
    """Return what is left of *pieces* after *answered*; nothing where they do not begin so."""
    left = prompts.rest("".join(pieces), answered) or ""
    after: list[str] = []
    for piece in reversed(pieces):
        if not left:
            break
        after.append(piece[-len(left) :])
        left = left[: -len(piece)] if piece else left
    return after[::-1]


async def _wait(seconds: float) -> None:
    if seconds:
        await asyncio.sleep(seconds)


def _marks(text: str) -> Marks:
    """Mark each word of *text* as if every character took 60 ms."""
    words, start = [], 0
    for word in text.split():
        start = text.index(word, start)
        words.append((start * 60, start, start + len(word)))
        start += len(word)
    return Marks(tuple(words))


class ScriptedEmbedder:
    """An embedder that knows what it is given: *meanings* by text; to anything else it gives a meaning of its own.

    Each answer takes *seconds*; *failure* is raised instead, while it is set. *asked* keeps every text.
    """

    def __init__(
        self, meanings: Mapping[str, Sequence[float]], seconds: float = 0.0, failure: Exception | None = None
    ) -> None:
        self.name = "scripted"
        self.asked: list[str] = []
        self.failure = failure
        self._meanings, self._seconds = meanings, seconds

    async def embed(self, texts: Sequence[str]) -> Sequence[Sequence[float]]:
        await asyncio.sleep(self._seconds)
        if self.failure is not None:
            raise self.failure
        self.asked += texts
        width = max(map(len, self._meanings.values()))
        return [self._meanings.get(text, [*[0.0] * (width - 1), 1.0]) for text in texts]
