"""One answer of the product's pipeline whose waiting times are drawn: when its first text and audio are out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from random import Random

from bench.turn import companion, people
from bench.voice import speech
from runtime.conversation import Marks, Pcm, Prompt, Usage
from runtime.sentences import Chunker
from runtime.turn.parts import Parts

_TENTH = Pcm(bytes(3_200))


@dataclass(frozen=True, slots=True)
class Waits:
    """What is waited for, in ms: the *first* token, the tokens of *reply*, the *voice*'s first byte.

    *sentence*: the first sentence is handed on as a whole, and no clause of it before.
    """

    first: float
    voice: float
    reply: str
    sentence: bool = False

    @property
    def least(self) -> float:
        """Return the milliseconds in which nobody can do anything but wait."""
        return self.first + speech.TOKEN_MS * _first_chunk(self.pieces()) + self.voice

    def pieces(self) -> list[tuple[float, str]]:
        """Return what the model says and when, in tokens from its first."""
        tokens = speech.tokens(self.reply)
        if not self.sentence:
            return list(enumerate(tokens))
        end = next(number for number, token in enumerate(tokens) if token.endswith((".", "?", "!")))
        held = [(float(end), "".join(tokens[: end + 1]))]
        return [*held, *((float(number), token) for number, token in enumerate(tokens) if number > end)]


@dataclass(slots=True)
class Ear:
    """Notes when the first text and the first audio come, in ms of the loop's time from *began*.

    *work*: the milliseconds that the processor had worked at the first audio.
    """

    began: float
    text: float = 0.0
    audio: float = 0.0
    work: float = 0.0
    idle: float = field(default_factory=time.process_time)

    def send(self, frame: bytes) -> None:
        """Take *frame*."""
        now = (asyncio.get_running_loop().time() - self.began) * 1e3
        if not self.text and frame.startswith(b'{"type":"text"'):
            self.text = now
        if not self.audio and frame.startswith(b'{"type":"audio"'):
            self.audio, self.work = now, (time.process_time() - self.idle) * 1e3


@dataclass(frozen=True, slots=True)
class _Model:
    waits: Waits
    scale: float

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        began = asyncio.get_running_loop().time()
        for number, piece in self.waits.pieces():
            await _until(began + (self.waits.first + number * speech.TOKEN_MS) * self.scale / 1e3)
            yield piece
        yield Usage(len(prompt.asked) // 4, len(self.waits.pieces()))


@dataclass(frozen=True, slots=True)
class _Voice:
    seconds: float
    said: list[str] = field(default_factory=list)

    async def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        await _until(asyncio.get_running_loop().time() + self.seconds)
        for _ in range(max(1, len(text) // 2)):
            yield _TENTH


async def heard(parts: Parts, waits: Waits, asked: str, dice: Random, scale: float = 1.0) -> Ear:
    """Answer *asked* with *waits*, *scale* times as long; return when it was heard."""
    own = replace(parts, model=_Model(waits, scale), synthesiser=_Voice(waits.voice * scale / 1e3))
    ear = Ear(asyncio.get_running_loop().time())
    answer = companion.Companion(people.name(0), own, ear.send)
    await answer.answer(people.turn_id(dice.getrandbits(100)), asked)
    return ear


async def waited(waits: Waits, scale: float) -> float:
    """Wait as an answer has to until its first audio, and do nothing else; return how many ms that took."""
    began = asyncio.get_running_loop().time()
    for number in range(int(_first_chunk(waits.pieces())) + 1):
        await _until(began + (waits.first + number * speech.TOKEN_MS) * scale / 1e3)
    await _until(asyncio.get_running_loop().time() + waits.voice * scale / 1e3)
    return (asyncio.get_running_loop().time() - began) * 1e3


def _first_chunk(pieces: list[tuple[float, str]]) -> float:
    """Return with which token the first chunk is certain."""
    chunker = Chunker()
    return next((number for number, piece in pieces if chunker.push(piece)), pieces[-1][0])


async def _until(instant: float) -> None:
    delay = instant - asyncio.get_running_loop().time()
    if delay > 0:
        await asyncio.sleep(delay)
