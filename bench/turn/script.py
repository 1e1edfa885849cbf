"""The same work for both sides: one answer of sixty tokens, a voice that speaks it, and how long each has to wait.

The critical path to the first audio is the first token (250 ms), eleven more (10 ms each) and the voice's first bytes
(80 ms): 440 ms. The first sentence ends with token 12, has no clause break before, and is a question, so that its end
is certain at once: a bare full stop waits for the next token, since an address or a number may go on. Tokens come by
their server's clock, not by ours: a side that is late is not helped by its fakes being late as well.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass

from runtime.conversation import Marks, Pcm, Prompt, Usage

SENTENCES = (
    "Do you remember how happy you were by the lake last summer?",
    "You said that the water was cold and the evening was warm.",
    "I would love to hear who else was there with you then.",
    "We could plan another trip like that one when you have time.",
    "Tell me what you would like to do there this time around.",
)
TOKENS = tuple(re.findall(r"\s*\S+", " ".join(SENTENCES)))
PIECES = 50
"""Pieces of audio a sentence: 20 ms each, and all there once the first is, as from a socket's buffer."""
_PIECE = Pcm(bytes(640))
_END = re.compile(r"[.?](?=\s|\Z)")


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds to the model's first token, from token to token, and to the voice's first bytes."""

    first: float = 0.250
    each: float = 0.010
    voice: float = 0.080

    @property
    def critical(self) -> float:
        """Return the seconds to the first audio in which nobody can do anything but wait."""
        return self.first + 11 * self.each + self.voice

    @property
    def turn(self) -> float:
        """Return about how many seconds a turn takes."""
        return self.first + 59 * self.each + self.voice

    @property
    def cycle(self) -> float:
        """Return the seconds until whoever spoke has heard the whole answer, where there is anything to wait for."""
        return self.critical + len(SENTENCES) * PIECES * 0.020 if self.critical else 0.0


WITHOUT_WAITING = Pace(0.0, 0.0, 0.0)


class Model:
    """Says the same to everybody, at its own pace."""

    def __init__(self, pace: Pace) -> None:
        """Stream at *pace*."""
        self._pace = pace

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Stream the answer."""
        pace, start = self._pace, asyncio.get_running_loop().time()
        for number, token in enumerate(TOKENS):
            await _until(start + pace.first + number * pace.each)
            yield token
        yield Usage(input_tokens=len(prompt.asked) // 4, output_tokens=len(TOKENS))


class Synthesiser:
    """Speaks silence, as long as the sentences of a text would last."""

    def __init__(self, pace: Pace) -> None:
        """Begin each text after the pace's delay."""
        self._delay = pace.voice

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Speak *text*."""
        await _until(asyncio.get_running_loop().time() + self._delay)
        for _ in range(PIECES * len(_END.findall(text))):
            yield _PIECE


async def _until(instant: float) -> None:
    delay = instant - asyncio.get_running_loop().time()
    if delay > 0:
        await asyncio.sleep(delay)
