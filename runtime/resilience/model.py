"""Models: asked again, or another in their place, as long as nothing of the answer is out."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing

from runtime.conversation import Prompt, Usage
from runtime.errors import Failure, Unavailable
from runtime.ports import Metrics, Model
from runtime.resilience.patience import Patience, paced


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
