"""A turn in hand, and its end: stored under its lease, sent, then settled. Nothing here makes an answer.

Whoever only ends turns (what dead letters are, and a turn that broke) needs no model and no memory for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from runtime.conversation import Entry, State
from runtime.jobs import TurnJob
from runtime.metrics import turn_ended
from runtime.policy import Policy
from runtime.ports import Clock, Connections, Leases, Metrics, Tracer
from runtime.protocol import server
from runtime.turn.ending import Ending, redacted, released
from runtime.turn.release import Release
from runtime.turn.timings import Timings
from runtime.worker.outlet import LedgerOutlet
from runtime.worker.settle import Settlement

_RETRY_AFTER_MS = 2_000
_CUT = "Something broke off here: the rest of this answer is lost. Ask again if you like."


@dataclass(frozen=True, slots=True)
class Held:
    """A turn under its lease, the way of its frames out, and its *age*: seconds since it was let in."""

    entry: Entry
    outlet: LedgerOutlet
    timings: Timings
    age: float


@dataclass(frozen=True, slots=True)
class Finishing:
    """What it takes to take a turn and to end it, whatever was made of it."""

    policy: Policy
    leases: Leases
    connections: Connections
    settlement: Settlement
    metrics: Metrics
    clock: Clock
    tracer: Tracer | None = None

    async def claim(self, job: TurnJob) -> Held | None:
        """Take the turn; what an ended one still lacks is done, and there is nothing left to take."""
        entry = await self.leases.claim(job.user, job.turn, job.attempt)
        if entry is None:
            return None
        if entry.state is not State.RUNNING:
            await self.settlement.settle(entry)
            return None
        age = max(self.clock.now() - entry.turn.admitted, 0.0)
        return Held(entry, LedgerOutlet(entry, self.leases, self.connections), Timings(age), age)

    async def give_up(self, job: TurnJob, message: str) -> None:
        """End a turn that cannot be answered; *message* tells the user."""
        held = await self.claim(job)
        if held is not None:
            await self.fail(held, server.Error("internal", message, turn=job.turn))

    async def shed(self, held: Held) -> None:
        """End a turn that waited too long for an answer to be worth it."""
        await self._finish(held, server.Busy(held.entry.turn.id, _RETRY_AFTER_MS), State.SHED, Ending())

    async def fail(self, held: Held, error: server.Error) -> None:
        """End without the whole answer: as *error* while nothing is out, else as an answer that was cut."""
        if not held.outlet.frames:
            await self._finish(held, error, State.FAILED, Ending())
            return
        await Release(held.entry.turn.id, held.outlet, held.timings).notice("cut", _CUT)
        await self.cut(held)

    async def cut(self, held: Held) -> None:
        """End with what is out of an answer, unless that is the policy's refusal of what was said."""
        texts = released(held.outlet.frames)
        refused = self.policy.is_refusal(texts[-1]) if texts else False
        heard = None if refused else len("".join(texts))
        await self.done(held, Ending(heard=heard, stopped=True, blocked=refused))

    async def done(self, held: Held, ending: Ending) -> None:
        """End as *ending* says."""
        held.timings.moment("total")
        if held.entry.turn.private:
            ending = replace(ending, heard=None)
        frame = ending.frame(held.entry.turn.id, len(held.outlet.frames), held.timings.rounded())
        await self._finish(held, frame, State.DONE, ending)
        turn_ended(self.metrics, frame, self.tracer)

    async def _finish(self, held: Held, last: server.Frame, state: State, ending: Ending) -> None:
        """Store the end, send it, then settle what follows from it."""
        entry = held.entry
        kept = entry if ending.asked is None else entry.with_turn(text=ending.asked)
        ended = replace(
            kept,
            state=state,
            frames=held.outlet.end(last),
            timeline=ending.timeline,
            heard=ending.heard,
            ended=self.clock.now(),
        )
        unkept = entry.turn.private or (state is State.DONE and ending.heard is None)
        stands = await self.leases.finish(redacted(ended) if unkept else ended)
        await held.outlet.ended(stands.connection)
        await self.settlement.settle(replace(ended, stop=stands.stop))
