"""Erasures asked for, joined, and taken up again: at a start all at once, in a home that never starts by rounds."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from msgspec import Struct

from runtime.jobs import EraseJob, HoldJob

if TYPE_CHECKING:
    from runtime.conversation import Account, Erasure
    from runtime.erasure.series import Series
    from runtime.ports import Ids, Queue

_log = logging.getLogger(__name__)
_PAGE = 100


class Requests(Struct, frozen=True):
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
        await self._take_up()
        after: str | None = ""
        while after is not None:
            after = await self._hold(after)

    async def begin_round(self) -> None:
        """Do the same while others are at work, in jobs: of the users a page each."""
        await self._take_up()
        await self.background.send(HoldJob(self.ids.new()).message())

    async def go_on_with_round(self, job: HoldJob) -> None:
        """Do the page of *job*, and have the next one done."""
        after = await self._hold(job.after)
        if after is not None:
            await self.background.send(job.next(after).message())

    async def _take_up(self) -> None:
        running = await self.series.erasures.running()
        for user in running:
            await self._enqueue(user)
        _log.info("erasure.taken_up", extra={"count": len(running)})

    async def _hold(self, after: str) -> str | None:
        """Erase again who of the page behind *after* is back; return its last user, None behind the last page."""
        accounts = await self.series.accounts.page(_PAGE, after)
        back = [account.user for account in accounts if await self._is_back(account)]
        for user in back:
            await self.begin(user)
        _log.info("erasure.held", extra={"users": len(accounts), "count": len(back)})
        return accounts[-1].user if accounts else None

    async def _is_back(self, account: Account) -> bool:
        last = await self.series.erasures.read(account.user)
        if last is None or last.ended is None or last.epoch <= account.erasure:
            return False
        # The page may be older than the end of that erasure; a row that is read after it and still older is a backup's.
        return last.epoch > (await self.series.accounts.read(account.user)).erasure

    async def _enqueue(self, user: str) -> None:
        await self.background.send(EraseJob(self.ids.new(), user).message())
