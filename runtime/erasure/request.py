"""Erasures asked for, joined, and taken up again at a start."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.jobs import EraseJob

if TYPE_CHECKING:
    from runtime.conversation import Erasure
    from runtime.erasure.series import Series
    from runtime.ports import Ids, Queue

_PAGE = 100


@dataclass(frozen=True, slots=True)
class Requests:
    """The door to erasure; the work itself is a background job."""

    series: Series
    background: Queue
    ids: Ids

    async def begin(self, user: str, connection: str = "") -> Erasure | None:
        """Begin or join the erasure of *user*, whose end *connection* is told.

        Returns the last one instead where nothing was kept since, as after a crash that came between end and answer.
        """
        last = await self.series.erasures.read(user)
        if last is not None and last.verified and not await self.series.left(user):
            return last
        account = await self.series.accounts.read(user)
        erasure = await self.series.erasures.begin(user, account.erasure + 1, connection)
        await self.series.close(user, erasure.epoch)
        await self._enqueue(user)
        return None

    async def go_on(self, user: str) -> None:
        """Do the job, and make sure of another one where this one fails: it may have emptied its own queue."""
        try:
            await self.series.run(user)
        except Exception:
            await self._enqueue(user)
            raise

    async def resume(self) -> None:
        """Take up what a process that is gone left, and erase again who is back with a restored backup."""
        for user in await self.series.erasures.running():
            await self._enqueue(user)
        after = ""
        while accounts := await self.series.accounts.page(_PAGE, after):
            for account in accounts:
                last = await self.series.erasures.read(account.user)
                if last is not None and last.ended is not None and last.epoch > account.erasure:
                    await self.begin(account.user)
            after = accounts[-1].user

    async def _enqueue(self, user: str) -> None:
        await self.background.send(EraseJob(self.ids.new(), user).message())
