"""The product: its pipeline as the worker runs it, on scripted model and voice, with its own recall and moderation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bench.turn.script import Model, Pace, Synthesiser
from runtime import policy
from runtime.adapters.local.moderator import LexiconModerator
from runtime.adapters.local.stores import Stores
from runtime.conversation import Turn
from runtime.protocol import server
from runtime.resilience import Patience, SteadyModel, SteadyModerator, SteadySynthesiser
from runtime.turn.parts import Parts
from runtime.turn.pipeline import Answer
from runtime.turn.plan import Plan
from runtime.turn.timings import Timings

from random import Random  # isort: skip

_SECONDS = 60.0


def parts(stores: Stores, pace: Pace) -> Parts:
    """Return what `bootstrap` would put together, with the script's model and voice behind their deadlines."""
    patience, rules = Patience(), policy.load()
    return Parts(
        model=SteadyModel(Model(pace), patience, Random(0)),
        moderator=SteadyModerator(LexiconModerator(rules), patience),
        synthesiser=SteadySynthesiser(Synthesiser(pace), patience),
        memories=stores.memories,
        recent=stores.recent,
        policy=rules,
    )


@dataclass(slots=True)
class Outlet:
    """Frames as they leave, encoded: what the peer has, so no ledger."""

    send: Callable[[bytes], None]
    kept: list[bytes] = field(default_factory=list)

    @property
    def frames(self) -> tuple[bytes, ...]:
        """Return the durable frames so far."""
        return tuple(self.kept)

    async def release(self, frame: server.Durable) -> None:
        """Keep *frame* and send it."""
        data = server.encode(frame)
        self.kept.append(data)
        self.send(data)

    async def post(self, frame: server.Frame) -> None:
        """Send *frame*."""
        self.send(server.encode(frame))


@dataclass(frozen=True, slots=True)
class Companion:
    """Answers *user* as a stream of frames into *send*."""

    user: str
    parts: Parts
    send: Callable[[bytes], None]

    async def answer(self, turn: str, text: str) -> None:
        """Answer as the worker does, without ledger and socket."""
        now, plan = time.time(), Plan(voice=True, memory=True, tokens=600)
        asked = Turn(self.user, turn, text, now, now + _SECONDS, voice=True)
        outlet, timings = Outlet(self.send), Timings(0.0)
        answer = Answer(asked, self.parts, outlet, plan=plan, timings=timings)
        ending = await answer.run(_SECONDS)
        self.send(server.encode(ending.frame(turn, len(outlet.kept), timings.rounded())))
