"""Moderators: a verdict in time or none, and a spike that waits instead of being refused."""

from __future__ import annotations

import asyncio
import random

from runtime.conversation import Passage, Verdict
from runtime.errors import Unavailable
from runtime.ports import Moderator
from runtime.resilience.patience import Patience


class SteadyModerator:
    """A moderator that answers within its deadline or fails; all its tries share the one deadline.

    One that asks to be left alone is not asked again here.
    """

    def __init__(self, moderator: Moderator, patience: Patience) -> None:
        """Wrap *moderator*."""
        self._moderator, self._patience = moderator, patience

    async def judge(self, passage: Passage) -> Verdict:
        """Judge as the moderator does."""
        try:
            async with asyncio.timeout(self._patience.moderator):
                return await self._persistently(passage)
        except TimeoutError:
            raise Unavailable("the moderator did not answer in time") from None

    async def _persistently(self, passage: Passage) -> Verdict:
        for _ in range(self._patience.moderator_tries - 1):
            try:
                return await self._moderator.judge(passage)
            except Unavailable as failure:
                if failure.after:
                    raise
                await asyncio.sleep(self._patience.pause)
        return await self._moderator.judge(passage)


class LimitedModerator:
    """A moderator that is asked at most *at_once* questions at once, as its quota allows; it goes around all else.

    Waiting for a place is backlog and no failure of the moderator's: it has no deadline but the turn's. Turns then take
    longer, hands stay busy, the queue ages, and age sheds: a spike makes answers later and shorter, and refuses nobody.
    A quota that many processes share shows as a moderator that asks to be left alone: that is waited for, too.
    """

    def __init__(self, moderator: Moderator, at_once: int, dice: random.Random) -> None:
        """Wrap *moderator*; *dice* keep those who wait from coming back together."""
        self._moderator, self._places, self._dice = moderator, asyncio.Semaphore(at_once), dice

    async def judge(self, passage: Passage) -> Verdict:
        """Judge as the moderator does."""
        async with self._places:
            while True:
                try:
                    return await self._moderator.judge(passage)
                except Unavailable as failure:
                    if not failure.after:
                        raise
                    await asyncio.sleep(failure.after * (0.5 + self._dice.random()))
