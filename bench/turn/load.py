"""How a side is loaded: people who talk and listen, who all begin at another moment.

Each answer is five seconds of audio, and nobody speaks again before having heard it: so long is a session's cycle, and
over it the beginnings are spread. Of 300 sessions about 50 are being answered at any moment. Whoever talks alone does
not listen: turn follows turn, since more of an idle machine's time would show nothing.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from random import Random

from bench.turn import people
from bench.turn.script import Pace

_AUDIO = b'{"type":"audio"'

type_of_send = Callable[[bytes], None]
type_of_answer = Callable[[int, type_of_send, str, str], Awaitable[None]]
"""A side: who asks, where frames go, the turn's id, the question."""


@dataclass(slots=True)
class Ear:
    """Notes when the first audio comes."""

    started: float
    heard: float | None = None

    def send(self, frame: bytes) -> None:
        """Take *frame*."""
        if self.heard is None and frame.startswith(_AUDIO):
            self.heard = time.perf_counter()

    def overhead_ms(self, pace: Pace) -> float:
        """Return how much later than it could have come the first audio came."""
        if self.heard is None:
            raise RuntimeError("a turn ended without audio: there is nothing to measure")
        return (self.heard - self.started - pace.critical) * 1e3


async def overheads(answer: type_of_answer, pace: Pace, *, sessions: int, turns: int) -> list[float]:
    """Return the milliseconds to first audio above the critical path, of *turns* turns of each session."""
    found: list[float] = []

    async def talk(session: int) -> None:
        dice = Random(session)
        await asyncio.sleep(pace.cycle * session / sessions)
        found.extend([await _heard(answer, pace, session, dice) for _ in range(turns)])

    async with asyncio.TaskGroup() as tasks:
        for session in range(sessions):
            tasks.create_task(talk(session))
    return found


async def _heard(answer: type_of_answer, pace: Pace, session: int, dice: Random) -> float:
    asked, turn = people.question(dice), people.turn_id(dice.getrandbits(100))
    ear = Ear(time.perf_counter())
    await answer(session, ear.send, turn, asked)
    return ear.overhead_ms(pace)


async def cpu_ms(answer: type_of_answer, turns: int) -> float:
    """Return the process's CPU time a turn, in milliseconds, one after another; *answer* should never wait."""
    dice = Random(turns)
    work = [(number, people.turn_id(dice.getrandbits(100)), people.question(dice)) for number in range(turns)]
    gc.collect()
    started = time.process_time()
    for number, turn, asked in work:
        await answer(number, _nowhere, turn, asked)
    return (time.process_time() - started) / turns * 1e3


def _nowhere(_: bytes) -> None:
    """Take a frame."""


def part(values: list[float], percent: int) -> float:
    """Return the value that *percent* percent of *values* do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)]
