"""The series of steps: count, note, erase, store by store; scrub; count again. Begun anew, it does what is missing."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from runtime.accounts import amend
from runtime.errors import Gone
from runtime.protocol import server

if TYPE_CHECKING:
    from runtime.conversation import Account, Erasure
    from runtime.erasure.quiet import Quiet
    from runtime.ports import Accounts, Clock, Connections, Erasures, Medium, Traces

_log = logging.getLogger(__name__)
_PASSES = 3


class Series(Struct, frozen=True):
    """What an erasure goes through; *stores* in their order, that with the user's row behind those with their words.

    *backups*: seconds that a backup made now will be kept, None where none are made.
    """

    erasures: Erasures
    accounts: Accounts
    quiet: Quiet
    stores: Mapping[str, Traces]
    medium: Medium
    connections: Connections
    clock: Clock
    backups: float | None = None

    async def run(self, user: str) -> None:
        """Do what is missing of the erasure of *user*, and tell who waits for it."""
        erasure = await self.erasures.read(user)
        if erasure is None or erasure.ended is not None:
            return
        await self.close(user, erasure.epoch)
        await self.quiet.fall(user)
        manifest = dict(erasure.manifest)
        left = -1
        for _ in range(_PASSES):
            left = await self._empty(user, manifest)
            if not left:
                break
        await self._end(user, replace(erasure, manifest=manifest, verified=not left))

    async def close(self, user: str, epoch: int) -> None:
        """Let nothing in any more, and drop what was begun in an earlier epoch."""

        def closed(account: Account) -> tuple[Account, None]:
            done = account.erasing and account.erasure >= epoch
            return account if done else replace(account, erasing=True, erasure=epoch), None

        await amend(self.accounts, user, closed)

    async def left(self, user: str) -> int:
        """Return how much is kept of *user*."""
        return sum([await store.count(user) for store in self.stores.values()])

    async def _empty(self, user: str, manifest: dict[str, int]) -> int:
        """Empty every store; return how much a second look finds."""
        for name, store in self.stores.items():
            manifest[name] = max(manifest.get(name, 0), await store.count(user))
            await self.erasures.note(user, manifest)
            await store.erase(user)
            _log.info("erasure.step", extra={"store": name, "count": manifest[name]})
        await self.medium.scrub()
        return await self.left(user)

    async def _end(self, user: str, erasure: Erasure) -> None:
        now = self.clock.now()
        backups_until = None if self.backups is None else now + self.backups
        ended = replace(erasure, ended=now, backups_until=backups_until)
        level = logging.INFO if ended.verified else logging.ERROR
        _log.log(level, "erasure.ended", extra={"verified": ended.verified, "count": sum(ended.manifest.values())})
        for connection in await self.erasures.end(user, ended):
            try:
                await self.connections.post(connection, server.encode(server.erased(ended)))
            except Gone:
                continue
