"""Quiet before an erasure: open turns are stopped, and whoever may still write of them is waited for."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from msgspec import Struct

from runtime.conversation import Heard, State

if TYPE_CHECKING:
    from runtime.conversation import Entry
    from runtime.ports import Accounts, Clock, Ledger, Signals

_FIRST_SECONDS, _MOST_SECONDS = 0.05, 0.2  # Most turns end at once; those that don't cost a store's reads each look.


class Quiet(Struct, frozen=True):
    """Waits until nobody answers a user; *patience*: seconds for a turn that nobody holds to be taken and ended.

    One that is held is waited for as long as its lease lasts. A turn is over when the user's row says so: that comes
    behind the last word that is written of it.
    """

    accounts: Accounts
    ledger: Ledger
    signals: Signals
    clock: Clock
    patience: float = 10.0

    async def fall(self, user: str) -> None:
        """Stop what is open of *user* and wait until it is over."""
        until = self.clock.now() + self.patience
        for turn in (await self.accounts.read(user)).open:
            await self.signals.stop(user, turn, Heard())
        pause = _FIRST_SECONDS
        while await self._any_open(user, until):
            await asyncio.sleep(pause)
            pause = min(2 * pause, _MOST_SECONDS)

    async def _any_open(self, user: str, until: float) -> bool:
        account, now = await self.accounts.read(user), self.clock.now()
        rows = [await self.ledger.read(user, turn) for turn in account.open]
        return any(_held(row, now) or (row is not None and now < until) for row in rows)


def _held(row: Entry | None, now: float) -> bool:
    return row is not None and row.state is State.RUNNING and row.leased_until > now
