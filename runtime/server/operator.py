"""What an operator does by hand, on the data folder of a server that may or may not run."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

import msgspec
from msgspec.structs import replace

from runtime import bootstrap
from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.adapters.local.keys import TokenKey
from runtime.adapters.local.lock import owned, owner
from runtime.bootstrap.laptop import App
from runtime.conversation import Erasure
from runtime.errors import Misconfigured
from runtime.identity import is_user
from runtime.jobs import ReplayJob
from runtime.protocol import server
from runtime.server import folder
from runtime.settings.laptop import Settings

_LOOK_SECONDS, _WAIT_SECONDS = 0.2, 300.0


def token(settings: Settings, user: str, *, seconds: float, minor: bool) -> str:
    """Return a token for *user* that this folder's server takes; raise `Misconfigured` for an id that none can have."""
    _prepare(settings, user)
    return TokenKey(settings.data).token(user, SystemClock().now(), seconds, minor=minor)


async def replay(settings: Settings, limit: int) -> str:
    """Send failed turns again: through the server that runs, or into the queue of the next one."""
    folder.make(settings.data)
    async with bootstrap.local(settings, patient=True) as app:
        if owner(settings.data) is not None:
            await app.stores.background.send(ReplayJob(RandomIds().new(), limit).message())
            return "The running server answers them again."
        count = await app.companion.background.replay(limit)
        return f"{count} turns are queued again: they are answered when the server starts."


async def export(settings: Settings, user: str, write: Callable[[str], object]) -> None:
    """Write all that is kept about *user* as JSON lines; a server that runs is not asked, nor disturbed."""
    _prepare(settings, user)
    async with bootstrap.local(settings, patient=True) as app:
        async for line in app.companion.rights.copies.lines(user):
            write(line)


async def erase(settings: Settings, user: str) -> tuple[str, bool]:
    """Erase *user* through the server that runs, or by itself; return the manifest and whether nothing is left."""
    _prepare(settings, user)
    async with bootstrap.local(settings, patient=True) as app:
        over = await app.companion.rights.erasing.begin(user)
        if over is None:
            over = await (_alone if owner(settings.data) is None else _by_the_server)(app, user)
        if over is None:
            return "The running server is still at it: ask again, and see its log.", False
        told = {name: value for name, value in msgspec.to_builtins(server.erased(over)).items() if name != "type"}
        return msgspec.json.format(msgspec.json.encode(told)).decode(), over.verified


async def _alone(app: App, user: str) -> Erasure | None:
    """Erase in this process: what the last one held is nobody's, so there is nothing to wait for."""
    with owned(app.settings.data):
        app.stores.recover()
        series = app.companion.rights.erasing.series
        await replace(series, quiet=replace(series.quiet, patience=0.0)).run(user)
    return await app.stores.erasures.read(user)


async def _by_the_server(app: App, user: str) -> Erasure | None:
    for _ in range(round(_WAIT_SECONDS / _LOOK_SECONDS)):
        erasure = await app.stores.erasures.read(user)
        if erasure is not None and erasure.ended is not None:
            return erasure
        await asyncio.sleep(_LOOK_SECONDS)
    return None


def _prepare(settings: Settings, user: str) -> None:
    """Refuse an id that no user can have, before a folder is made."""
    if not is_user(user):
        raise Misconfigured(
            f"got: {len(user)} characters as a user's id; why not: some of them can't be in one; "
            "instead: 1 to 128 of A-Z a-z 0-9 . _ : @ -"
        )
    os.umask(0o077)
    folder.make(settings.data)
