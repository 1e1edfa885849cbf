"""One turn from its message to its end: claim, answer under watch, finish, settle.

Whatever happens, the turn ends exactly once: `done` if a frame is out, else `done`, `busy` or `error`.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass, replace

from runtime.conversation import Entry, State
from runtime.errors import LeaseLost, Refused, Transient, cause_of, place
from runtime.jobs import TurnJob
from runtime.metrics import turn_ended
from runtime.ports import Clock, Connections, Leases, Metrics, Signals, Stop
from runtime.protocol import server
from runtime.turn.ending import Ending, noticed, redacted, released
from runtime.turn.parts import Parts
from runtime.turn.pipeline import Answer
from runtime.turn.plan import Plan, by_age
from runtime.turn.release import Release
from runtime.turn.timings import Timings
from runtime.worker.outlet import LedgerOutlet
from runtime.worker.settle import Settlement

_log = logging.getLogger(__name__)
_RETRY_AFTER_MS = 2_000
_OUTPUT_TOKENS = 600
_CUT = "Something broke off here: the rest of this answer is lost. Ask again if you like."


@dataclass(frozen=True, slots=True)
class Answering:
    """What a worker needs to see a turn to its end; *tries*: deliveries until a failure that may pass is final."""

    parts: Parts
    leases: Leases
    signals: Signals
    connections: Connections
    settlement: Settlement
    metrics: Metrics
    clock: Clock
    tries: int = 3

    async def answer(self, job: TurnJob, receives: int) -> None:
        """See the turn to its end; raise `Transient` (the lease given back) where it is worth another delivery."""
        held = await self._claimed(job)
        if held is None:
            return
        try:
            await self._held(held, last=receives >= self.tries)
        except LeaseLost:
            _log.info("turn.lost", extra={"turn": job.turn, "epoch": held.epoch})
        except (Transient, asyncio.CancelledError):
            await self.leases.release(held)
            raise

    async def give_up(self, job: TurnJob, message: str) -> None:
        """End a turn that cannot be answered; *message* tells the user."""
        held = await self._claimed(job)
        if held is None:
            return
        outlet = LedgerOutlet(held, self.leases, self.connections)
        await self._fail(held, outlet, Timings(self._age(held)), server.Error("internal", message, turn=job.turn))

    async def _claimed(self, job: TurnJob) -> Entry | None:
        """Take the turn; what an ended one still lacks is done, and there is nothing left to take."""
        held = await self.leases.claim(job.user, job.turn, job.attempt)
        if held is None or held.state is State.RUNNING:
            return held
        await self.settlement.settle(held)
        return None

    async def _held(self, held: Entry, *, last: bool) -> None:
        outlet = LedgerOutlet(held, self.leases, self.connections)
        age = self._age(held)
        timings = Timings(age)
        plan = by_age(0.0 if held.frames else age, tokens=_OUTPUT_TOKENS)
        if plan is None:
            await self._finish(held, outlet, server.Busy(held.turn.id, _RETRY_AFTER_MS), State.SHED, Ending())
        elif "cut" in noticed(held.frames):
            await self._done(held, outlet, timings, self._broken_off(outlet))
        else:
            await self._answered(held, outlet, timings, plan, last=last)

    async def _answered(self, held: Entry, outlet: LedgerOutlet, timings: Timings, plan: Plan, *, last: bool) -> None:
        answer = Answer(held.turn, self.parts, outlet, plan=plan, timings=timings)
        try:
            ending = await self._watched(held, outlet, answer)
        except LeaseLost:
            raise
        except Refused as refused:
            await self._fail(held, outlet, timings, server.Error("unavailable", refused.message, turn=held.turn.id))
        except Transient as failure:
            if not last and not outlet.frames:
                raise
            _log.warning("turn.failed", extra={"turn": held.turn.id, "failure": place(failure)})
            message = f"the answer could not be made just now ({failure}): say it again in a moment"
            await self._fail(held, outlet, timings, server.Error("unavailable", message, turn=held.turn.id))
        else:
            await self._done(held, outlet, timings, ending)

    async def _watched(self, held: Entry, outlet: LedgerOutlet, answer: Answer) -> Ending:
        """Answer, and meanwhile heed what comes from outside."""
        try:
            async with asyncio.TaskGroup() as tasks:
                watching = tasks.create_task(self._watch(held, outlet, answer))
                ending = await answer.run(max(held.turn.deadline - self.clock.now(), 0.0))
                watching.cancel()
        except BaseExceptionGroup as group:
            raise cause_of(group) from None
        return ending

    async def _watch(self, held: Entry, outlet: LedgerOutlet, answer: Answer) -> None:
        async with aclosing(self.signals.watch(held)) as signals:
            async for signal in signals:
                if isinstance(signal, Stop):
                    answer.stop(signal.heard)
                else:
                    await outlet.attach(signal.connection, signal.after)

    async def _fail(self, held: Entry, outlet: LedgerOutlet, timings: Timings, error: server.Error) -> None:
        """End without the whole answer: as *error* while nothing is out, else as an answer that was cut."""
        if not outlet.frames:
            await self._finish(held, outlet, error, State.FAILED, Ending())
            return
        await Release(held.turn.id, outlet, timings).notice("cut", _CUT)
        await self._done(held, outlet, timings, self._broken_off(outlet))

    def _broken_off(self, outlet: LedgerOutlet) -> Ending:
        """Keep what is out of an answer, unless it is the policy's refusal of what was said."""
        texts = released(outlet.frames)
        refused = self.parts.policy.is_refusal(texts[-1]) if texts else False
        return Ending(heard=None if refused else len("".join(texts)), stopped=True, blocked=refused)

    async def _done(self, held: Entry, outlet: LedgerOutlet, timings: Timings, ending: Ending) -> None:
        timings.moment("total")
        if held.turn.private:
            ending = replace(ending, heard=None)
        frame = ending.frame(held.turn.id, len(outlet.frames), timings.rounded())
        await self._finish(held, outlet, frame, State.DONE, ending)
        turn_ended(self.metrics, frame)

    async def _finish(
        self, held: Entry, outlet: LedgerOutlet, last: server.Frame, state: State, ending: Ending
    ) -> None:
        """Store the end, send it, then settle what follows from it."""
        kept = held if ending.asked is None else held.with_turn(text=ending.asked)
        ended = replace(
            kept,
            state=state,
            frames=outlet.end(last),
            timeline=ending.timeline,
            heard=ending.heard,
            ended=self.clock.now(),
        )
        unkept = held.turn.private or (state is State.DONE and ending.heard is None)
        stands = await self.leases.finish(redacted(ended) if unkept else ended)
        await outlet.ended(stands.connection)
        await self.settlement.settle(replace(ended, stop=stands.stop))

    def _age(self, held: Entry) -> float:
        return max(self.clock.now() - held.turn.admitted, 0.0)
