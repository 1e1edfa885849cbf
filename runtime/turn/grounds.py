"""What an answer stands on: the recent turns and what is remembered, gathered at once and within a budget."""

from __future__ import annotations

import asyncio
import logging

from runtime.conversation import Exchange, Prompt, Recalled, Turn
from runtime.errors import Transient, place
from runtime.prompt import compose
from runtime.recall import recall
from runtime.turn.parts import Parts
from runtime.turn.plan import Plan
from runtime.turn.timings import Timings

_log = logging.getLogger(__name__)
_RECALL_SECONDS = 0.040
_RECENT_TURNS = 20


class Grounds:
    """The memory that one answer is given."""

    def __init__(self, turn: Turn, parts: Parts, timings: Timings) -> None:
        """Begin with nothing."""
        self._turn, self._parts, self._timings = turn, parts, timings
        self._found: list[Recalled] = []
        self._looking: asyncio.Task[None] | None = None

    @property
    def recalled(self) -> tuple[Recalled, ...]:
        """Return what was found of the long-term memory in time."""
        return tuple(self._found)

    def gather(self, tasks: asyncio.TaskGroup, plan: Plan) -> None:
        """Begin to look for what is remembered, where *plan* allows it."""
        if plan.memory:
            self._looking = tasks.create_task(self._recall())

    async def prompt(self, plan: Plan, *, answered: str) -> Prompt:
        """Put together the prompt of all that was gathered; *answered* is what is out already."""
        recent = await self._recent()
        if self._looking is not None:
            await self._looking
        return compose(self._turn, self.recalled, recent, answered=answered, limit=plan.tokens)

    async def _recent(self) -> list[Exchange]:
        start = self._timings.ms()
        page = await self._parts.recent.latest(self._turn.user, _RECENT_TURNS)
        self._timings.span("recall_recent", start)
        return list(reversed(page.items))

    async def _recall(self) -> None:
        """Find what is remembered, as far as the budget goes: a memory that fails is no reason not to answer."""
        turn, parts, start = self._turn, self._parts, self._timings.ms()
        try:
            async with asyncio.timeout(_RECALL_SECONDS):
                await recall(
                    *(parts.memories, turn.user, turn.text, turn.admitted), meaning=parts.meaning, into=self._found
                )
        except TimeoutError:
            pass
        except Transient as failure:
            _log.warning("recall.failed", extra={"turn": turn.id, "failure": place(failure)})
        finally:
            self._timings.span("recall_long", start)
