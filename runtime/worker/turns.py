"""One turn from its message to its end: claim, answer under watch, finish, settle.

Whatever happens, the turn ends exactly once: `done` if a frame is out, else `done`, `busy` or `error`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass

from runtime.errors import LeaseLost, Refused, Transient, cause_of, place
from runtime.jobs import TurnJob
from runtime.ports import Clock, Signals, Stop
from runtime.protocol import server
from runtime.turn.ending import Ending, noticed
from runtime.turn.parts import Parts
from runtime.turn.pipeline import Answer
from runtime.turn.plan import Plan, by_age
from runtime.worker.finishing import Finishing, Held

_log = logging.getLogger(__name__)
_OUTPUT_TOKENS = 600


@dataclass(frozen=True, slots=True)
class Answering:
    """What a worker needs to see a turn to its end; *tries*: deliveries until a failure that may pass is final."""

    parts: Parts
    signals: Signals
    finishing: Finishing
    clock: Clock
    tries: int = 3

    async def answer(self, job: TurnJob, receives: int) -> None:
        """See the turn to its end; raise `Transient` (the lease given back) where it is worth another delivery."""
        held = await self.finishing.claim(job)
        if held is None:
            return
        try:
            await self._held(held, last=receives >= self.tries)
        except LeaseLost:
            _log.info("turn.lost", extra={"turn": job.turn, "epoch": held.entry.epoch})
        except (Transient, asyncio.CancelledError):
            await self.finishing.leases.release(held.entry)
            raise

    async def _held(self, held: Held, *, last: bool) -> None:
        frames = held.entry.frames
        plan = by_age(0.0 if frames else held.age, tokens=_OUTPUT_TOKENS)
        if plan is None:
            await self.finishing.shed(held)
        elif "cut" in noticed(frames):
            await self.finishing.cut(held)
        else:
            await self._answered(held, plan, last=last)

    async def _answered(self, held: Held, plan: Plan, *, last: bool) -> None:
        turn = held.entry.turn
        try:
            ending = await self._watched(held, Answer(turn, self.parts, held.outlet, plan=plan, timings=held.timings))
        except LeaseLost:
            raise
        except Refused as refused:
            await self.finishing.fail(held, server.Error("unavailable", refused.message, turn=turn.id))
        except Transient as failure:
            if not last and not held.outlet.frames:
                raise
            _log.warning("turn.failed", extra={"turn": turn.id, "failure": place(failure)})
            message = f"the answer could not be made just now ({failure}): say it again in a moment"
            await self.finishing.fail(held, server.Error("unavailable", message, turn=turn.id))
        else:
            await self.finishing.done(held, ending)

    async def _watched(self, held: Held, answer: Answer) -> Ending:
        """Answer, and meanwhile heed what comes from outside."""
        try:
            async with asyncio.TaskGroup() as tasks:
                watching = tasks.create_task(self._watch(held, answer))
                ending = await answer.run(max(held.entry.turn.deadline - self.clock.now(), 0.0))
                watching.cancel()
        except BaseExceptionGroup as group:
            raise cause_of(group) from None
        return ending

    async def _watch(self, held: Held, answer: Answer) -> None:
        async with aclosing(self.signals.watch(held.entry)) as signals:
            async for signal in signals:
                if isinstance(signal, Stop):
                    answer.stop(signal.heard)
                else:
                    await held.outlet.attach(signal.connection, signal.after)
