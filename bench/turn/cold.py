"""What a recall takes part by part: one after another, and after an idle moment.

A laptop's companion is mostly idle: what it needs has left the processor's caches when somebody speaks, and to fetch it
takes longer than to work with it. Under load a recall takes something in between.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from bench.turn import people
from runtime.adapters.local.stores import Stores
from runtime.conversation import Turn
from runtime.prompt import compose
from runtime.recall import CANDIDATES, cue, pack, rank

PARTS = ("cue", "search", "rank", "recent", "prompt")


@dataclass(frozen=True, slots=True)
class Idle:
    """How often it is asked, and for how many seconds nothing happens before."""

    times: int = 40
    seconds: float = 0.3


async def split(stores: Stores, crowd: int, idle: Idle) -> dict[str, tuple[float, float]]:
    """Return the median milliseconds of each part, after an idle moment and right after another recall."""
    dice, cold, hot = random.Random(11), [], []
    for number in range(idle.times):
        user = people.name(number % crowd)
        await asyncio.sleep(idle.seconds)
        cold.append(await _parts(stores, user, people.question(dice)))
        hot.append(await _parts(stores, user, people.question(dice)))
    return {part: (_ms(cold, number), _ms(hot, number)) for number, part in enumerate(PARTS)}


async def _parts(stores: Stores, user: str, text: str) -> list[float]:
    now = time.time()
    moments = [time.perf_counter()]
    asked = cue(text, now)
    moments.append(time.perf_counter())
    found = await stores.memories.search(user, asked, CANDIDATES)
    moments.append(time.perf_counter())
    recalled = pack(rank(found, asked, limit=20))
    moments.append(time.perf_counter())
    recent = await stores.recent.latest(user, people.RECENT)
    moments.append(time.perf_counter())
    compose(Turn(user, "", text, now, now), recalled, recent.items[::-1])
    moments.append(time.perf_counter())
    return [after - before for before, after in pairwise(moments)]


def _ms(measured: list[list[float]], part: int) -> float:
    return round(median(seconds[part] for seconds in measured) * 1e3, 3)
