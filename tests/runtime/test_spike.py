"""A spike above the moderator's quota: answers come later and shorter, or not at all, and nobody is refused for it."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from pathlib import Path

from runtime.adapters.local.scripted import ScriptedModerator
from runtime.ports import Moderator
from runtime.protocol import server
from runtime.resilience import LimitedModerator, Patience, SteadyModerator
from tests.runtime.home import home, turn_id

USERS = 60


async def spike(data: Path, moderator: Moderator) -> Counter[str]:
    """Let everybody send a turn at once; return how many ended how."""
    async with home(data, moderator=moderator, hands=20) as opened:
        for number in range(USERS):
            await opened.send(f"user{number}", turn_id(number))
        ends = await asyncio.gather(*(opened.ended(f"user{number}", turn_id(number)) for number in range(USERS)))
        shed = [frame for frame in opened.inbox.frames() if isinstance(frame, server.Notice)]
    assert all(notice.kind in {"shed_memory", "disclosure"} for notice in shed)
    return Counter(type(end).__name__ for end in ends)


async def test_a_spike_sheds_instead_of_refusing_everybody(tmp_path: Path) -> None:
    slow = ScriptedModerator(delay=0.5)

    ends = await spike(tmp_path, LimitedModerator(SteadyModerator(slow, Patience()), at_once=2, dice=random.Random(1)))

    assert ends.keys() == {"Done", "Busy"}
    assert ends["Done"] > 20


async def test_within_the_moderators_own_deadline_a_spike_would_refuse(tmp_path: Path) -> None:
    slow = ScriptedModerator(delay=0.5)

    ends = await spike(tmp_path, SteadyModerator(LimitedModerator(slow, at_once=2, dice=random.Random(1)), Patience()))

    assert ends["Error"] > USERS / 2
