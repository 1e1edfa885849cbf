"""What a user may ask for of what is kept about them: that it is put right, a copy of it, and its end."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from runtime.accounts import amend
from runtime.admission.caller import Caller
from runtime.admission.copying import Copies, frames
from runtime.admission.correction import Corrections
from runtime.conversation import Account
from runtime.erasure import Requests
from runtime.errors import Expired, Gone, NotOffered, RateLimited
from runtime.ports import Accounts, Clock, Connections
from runtime.protocol import client, server

_EXPORT_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Rights:
    """`correct`, `export` and `erase`; *sign_in*: the most seconds since the sign-in for the last two, None: any."""

    accounts: Accounts
    corrections: Corrections
    copies: Copies
    erasing: Requests
    connections: Connections
    clock: Clock
    sign_in: float | None = None

    async def correct(self, caller: Caller, frame: client.Correct) -> list[bytes]:
        """Put a memory right."""
        return await self.corrections.correct(caller, frame)

    async def export(self, caller: Caller, _: client.Export) -> list[bytes]:
        """Send the copy in parts, each when there is room for it; one that nobody reads any more ends early."""
        self._need_sign_in(caller)
        await self._count(caller.user)
        try:
            async for frame in frames(self.copies.lines(caller.user)):
                await self.connections.post(caller.connection, frame)
        except Gone:
            return []
        return []

    async def erase(self, caller: Caller, _: client.Erase) -> list[bytes]:
        """Begin or join the erasure: its end is sent to the caller's connection."""
        self._need_sign_in(caller)
        over = await self.erasing.begin(caller.user, caller.connection)
        return [] if over is None else [server.encode(server.erased(over))]

    def _need_sign_in(self, caller: Caller) -> None:
        if self.sign_in is None:
            return
        signed_in = caller.identity.signed_in
        if signed_in is None or self.clock.now() - signed_in > self.sign_in:
            minutes = f"{self.sign_in / 60:.0f}"
            raise Expired(f"this needs a sign-in at most {minutes} minutes old: sign in again, then ask again")

    async def _count(self, user: str) -> None:
        await amend(self.accounts, user, lambda account: (_exporting(account, self.clock.now()), None))


def _exporting(account: Account, now: float) -> Account:
    """Return the row with an export begun *now*; raise `RateLimited` or `NotOffered`."""
    if account.erasing:
        raise NotOffered("everything about you is being erased just now: there is nothing to export")
    left = account.exported + _EXPORT_SECONDS - now
    if account.exported and left > 0:
        message = "one export in ten minutes is allowed: ask again later"
        raise RateLimited(message, retry_after_ms=round(left * 1e3) + 1)
    return replace(account, exported=now)
