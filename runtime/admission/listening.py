"""Invitations to speak: where a microphone may stream to, as often as a person needs one and no oftener.

Each is worth money to whoever holds it, so they are counted: six a minute, 200 a day.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin

from msgspec.structs import replace

from runtime.accounts import amend
from runtime.admission.caller import Caller
from runtime.conversation import Account
from runtime.errors import NotOffered, RateLimited
from runtime.ports import Accounts, Clock, Recogniser
from runtime.protocol import client, server

_A_MINUTE: Final = 6.0
_A_DAY: Final = 200.0
_MINUTE: Final = 60.0
_DAY: Final = 86_400.0


@dataclass(frozen=True, slots=True)
class Listening:
    """The action `listen`."""

    accounts: Accounts
    recogniser: Recogniser
    clock: Clock

    async def listen(self, caller: Caller, frame: client.Listen) -> list[bytes]:
        """Return an invitation, once it is counted."""
        await amend(self.accounts, caller.user, lambda account: (invited(account, self.clock.now()), None))
        invitation = await self.recogniser.invite(caller.user, frame.language)
        url = urljoin(caller.address, invitation.url)
        return [server.encode(server.Listen(url=url, expires_at=server.instant(invitation.expires)))]


def invited(account: Account, now: float) -> Account:
    """Return the row with one more invitation counted; raise `RateLimited` or `NotOffered`."""
    if account.erasing:
        raise NotOffered("everything about you is being erased just now: begin again when that is done")
    since = max(now - account.listened, 0.0)
    minute = min(_A_MINUTE, account.listens + since * _A_MINUTE / _MINUTE)
    day = min(_A_DAY, account.listens_today + since * _A_DAY / _DAY)
    if min(minute, day) < 1.0:
        wait = max((1.0 - minute) * _MINUTE / _A_MINUTE, (1.0 - day) * _DAY / _A_DAY)
        message = f"{_A_MINUTE:.0f} times a minute and {_A_DAY:.0f} a day are allowed: wait a moment, or type"
        raise RateLimited(message, retry_after_ms=round(wait * 1e3) + 1)
    return replace(account, listens=minute - 1.0, listens_today=day - 1.0, listened=now)
