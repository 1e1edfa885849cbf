"""What an operator does by hand, on the data folder of a server that may or may not run."""

from __future__ import annotations

from runtime import bootstrap
from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.adapters.local.keys import TokenKey
from runtime.adapters.local.lock import owner
from runtime.errors import Misconfigured
from runtime.identity import is_user
from runtime.jobs import ReplayJob
from runtime.server import folder
from runtime.settings import Settings


def token(settings: Settings, user: str, *, seconds: float, minor: bool) -> str:
    """Return a token for *user* that this folder's server takes; raise `Misconfigured` for an id that none can have."""
    if not is_user(user):
        raise Misconfigured(
            f"got: {len(user)} characters as a user's id; why not: some of them can't be in one; "
            "instead: 1 to 128 of A-Z a-z 0-9 . _ : @ -"
        )
    folder.make(settings.data)
    return TokenKey(settings.data).token(user, SystemClock().now(), seconds, minor=minor)


async def replay(settings: Settings, limit: int) -> str:
    """Send failed turns again: through the server that runs, or into the queue of the next one."""
    folder.make(settings.data)
    async with bootstrap.local(settings) as app:
        if owner(settings.data) is not None:
            await app.stores.background.send(ReplayJob(RandomIds().new(), limit).message())
            return "The running server answers them again."
        count = await app.background.replay(limit)
        return f"{count} turns are queued again: they are answered when the server starts."
