"""Deadlines and retries, once for every port: a wrapping port each, so that adapters stay plain and SDK retries off.

A stream has one timer that is re-armed, never one an item: `asyncio.timeout` costs 5 us, and 300 items are common.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import TypeVar

from runtime.conversation import Marks, Passage, Pcm, Prompt, Usage, Verdict
from runtime.errors import Failure, Unavailable
from runtime.ports import Metrics, Model, Moderator, Synthesiser

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long each part may take, in seconds, and how often it is asked."""

    model_first: float = 8.0
    model_between: float = 8.0
    model_tries: int = 2
    moderator: float = 1.5
    moderator_tries: int = 2
    synthesis: float = 5.0
    pause: float = 0.1


@dataclass(frozen=True, slots=True)
class Retries:
    """Asks a store again that did not answer, for calls that are harmless twice: *tries* in all.

    *pause* seconds lie before the second try, twice as many before each later one, more or less by half.
    """

    dice: random.Random
    tries: int = 3
    pause: float = 0.05

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """Return what *call* does."""
        for number in range(self.tries - 1):
            try:
                return await call()
            except Unavailable:
                await asyncio.sleep(self.pause * 2**number * (0.5 + self.dice.random()))
        return await call()


async def paced(stream: AsyncGenerator[T, None], *, first: float, between: float, what: str) -> AsyncGenerator[T, None]:
    """Pass *stream* on and close it at the end; raise `Unavailable` where it keeps one waiting.

    The first item may take *first* seconds, each later one *between*.
    The timer is moved only when half of its time is over, so an item may be late by up to half of *between* more. It
    runs while the consumer has the word as well: for consumers that wait for nothing between two items, as ours.
    """
    loop = asyncio.get_running_loop()
    try:
        async with aclosing(stream), asyncio.timeout(first) as timer:
            due = loop.time()
            async for item in stream:
                if (now := loop.time()) >= due:
                    timer.reschedule(now + between * 1.5)
                    due = now + between * 0.5
                yield item
    except TimeoutError:
        raise Unavailable(f"{what} sent nothing in time") from None


class SteadyModel:
    """A model with deadlines, tried again as long as nothing of its answer is out.

    One that asks to be left alone is, unless the first token would be too late then: it is not asked again here.
    """

    def __init__(self, model: Model, patience: Patience, dice: random.Random) -> None:
        """Wrap *model*."""
        self._model, self._patience, self._dice = model, patience, dice

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Stream as the model does."""
        due = asyncio.get_running_loop().time() + self._patience.model_first
        for tries in range(self._patience.model_tries, 0, -1):
            begun = False
            try:
                async with aclosing(self._once(prompt)) as stream:
                    async for item in stream:
                        begun = True
                        yield item
            except Unavailable as failure:
                if begun or tries == 1 or _too_long(failure, due):
                    raise
                await asyncio.sleep(max(failure.after, self._patience.pause * (0.5 + self._dice.random())))
            else:
                return

    def _once(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        stream, patience = self._model.stream(prompt), self._patience
        return paced(stream, first=patience.model_first, between=patience.model_between, what="the model")


def _too_long(failure: Unavailable, due: float) -> bool:
    return failure.after > 0 and asyncio.get_running_loop().time() + failure.after > due


class FallbackModel:
    """A model in whose place *other* answers where it fails before its first word, for whatever reason.

    A refusal counts, too: a model that was retired, or that nobody may ask any more, must not silence everybody.
    """

    def __init__(self, model: Model, other: Model, metrics: Metrics) -> None:
        """Wrap both; each has its own deadlines."""
        self._model, self._other, self._metrics = model, other, metrics

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Stream as the first does, or else as the other."""
        begun = False
        try:
            async with aclosing(self._model.stream(prompt)) as stream:
                async for item in stream:
                    begun = begun or bool(item)
                    yield item
        except Failure as failure:
            if begun:
                raise
            self._metrics.record("model.fallback", failure=type(failure).__name__)
        else:
            return
        async with aclosing(self._other.stream(prompt)) as stream:
            async for item in stream:
                yield item


class SteadyModerator:
    """A moderator that answers within its deadline or fails; all its tries share the one deadline."""

    def __init__(self, moderator: Moderator, patience: Patience) -> None:
        """Wrap *moderator*."""
        self._moderator, self._patience = moderator, patience

    async def judge(self, passage: Passage) -> Verdict:
        """Judge as the moderator does."""
        try:
            async with asyncio.timeout(self._patience.moderator):
                return await self._persistently(passage)
        except TimeoutError:
            raise Unavailable("the moderator did not answer in time") from None

    async def _persistently(self, passage: Passage) -> Verdict:
        for _ in range(self._patience.moderator_tries - 1):
            try:
                return await self._moderator.judge(passage)
            except Unavailable:
                await asyncio.sleep(self._patience.pause)
        return await self._moderator.judge(passage)


class LimitedModerator:
    """A moderator that is asked at most *at_once* questions at once, as its quota allows; it goes around all else.

    Waiting for a place is backlog and no failure of the moderator's: it has no deadline but the turn's. Turns then take
    longer, hands stay busy, the queue ages, and age sheds: a spike makes answers later and shorter, and refuses nobody.
    """

    def __init__(self, moderator: Moderator, at_once: int) -> None:
        """Wrap *moderator*."""
        self._moderator, self._places = moderator, asyncio.Semaphore(at_once)

    async def judge(self, passage: Passage) -> Verdict:
        """Judge as the moderator does."""
        async with self._places:
            return await self._moderator.judge(passage)


class SteadySynthesiser:
    """A synthesiser with a deadline between pieces."""

    def __init__(self, synthesiser: Synthesiser, patience: Patience) -> None:
        """Wrap *synthesiser*."""
        self._synthesiser, self._patience = synthesiser, patience

    def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Speak as the synthesiser does."""
        limit = self._patience.synthesis
        return paced(self._synthesiser.speak(text), first=limit, between=limit, what="the synthesiser")
