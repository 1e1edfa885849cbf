"""A turn's stage for tests: scripted parts, stores in memory, and an outlet that notes when each frame left."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

from runtime import policy
from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.adapters.local.recent import SqliteRecent
from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator, ScriptedSynthesiser
from runtime.conversation import Heard, Turn
from runtime.ports import Moderator
from runtime.protocol import server
from runtime.turn.ending import Ending
from runtime.turn.parts import Parts
from runtime.turn.pipeline import Answer
from runtime.turn.plan import Plan
from runtime.turn.timings import Timings
from tests.virtual_time import LoopClock

TURN = "00000000-0000-4000-8000-000000000001"
SAID = ["It ", "was ", "a ", "good ", "day! ", "We ", "walked ", "home."]
FULL = Plan(voice=True, memory=True, tokens=600)


@dataclass
class Outlet:
    """Keeps what left, and the instant (virtual seconds) at which it did; *before* went out earlier."""

    frames: tuple[bytes, ...] = ()
    posted: list[tuple[float, server.Frame]] = field(default_factory=list)

    async def release(self, frame: server.Durable) -> None:
        """Note a durable frame."""
        self.frames = (*self.frames, server.encode(frame))
        self._note(frame)

    async def post(self, frame: server.Frame) -> None:
        """Note a passing frame."""
        self._note(frame)

    def _note(self, frame: server.Frame) -> None:
        self.posted.append((asyncio.get_running_loop().time(), frame))

    @property
    def texts(self) -> list[str]:
        """Return the text of each released chunk."""
        return [frame.delta for _, frame in self.posted if isinstance(frame, server.Text)]

    @property
    def kinds(self) -> list[str]:
        """Return the kinds of the notices that left."""
        return [frame.kind for _, frame in self.posted if isinstance(frame, server.Notice)]

    @property
    def audio(self) -> list[server.Audio]:
        """Return the audio frames that left."""
        return [frame for _, frame in self.posted if isinstance(frame, server.Audio)]


@dataclass
class Stage:
    """One turn, about to be answered."""

    model: ScriptedModel
    moderator: Moderator = field(default_factory=ScriptedModerator)
    synthesiser: ScriptedSynthesiser | None = None
    text: str = "How was it?"
    voice: bool = False
    due: tuple[str, ...] = ()
    plan: Plan = FULL
    outlet: Outlet = field(default_factory=Outlet)
    interrupt: tuple[float, Heard] | None = None
    timings: Timings = field(init=False)

    async def play(self, seconds: float = 60.0) -> Ending:
        """Answer the turn; interrupt it after so many seconds where *interrupt* says so."""
        clock = LoopClock()
        database = Database(Path(":memory:"))
        parts = Parts(
            model=self.model,
            moderator=self.moderator,
            synthesiser=self.synthesiser,
            memories=SqliteMemories(database, clock),
            recent=SqliteRecent(database, clock, 1e6),
            policy=policy.load(),
        )
        turn = Turn("ana", TURN, self.text, clock.now(), clock.now() + 60, voice=self.voice, due=self.due)
        self.timings = Timings(0.0)
        answer = Answer(turn, parts, self.outlet, plan=self.plan, timings=self.timings)
        if self.interrupt is not None:
            asyncio.get_running_loop().call_later(self.interrupt[0], answer.stop, self.interrupt[1])
        try:
            return await answer.run(seconds)
        finally:
            database.close()
