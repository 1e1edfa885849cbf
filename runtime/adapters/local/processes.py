"""The end of a process that was killed, for whoever started it."""

from __future__ import annotations

import asyncio
from asyncio.subprocess import Process


async def gone(process: Process) -> None:
    """Wait until *process*, which was killed, is gone; who is cancelled meanwhile waits all the same, and is then.

    Left alone it would stay until the event loop looks, which may be closed by then.
    """
    waiting = asyncio.ensure_future(process.wait())
    try:
        await asyncio.shield(waiting)
    except asyncio.CancelledError:
        await waiting
        raise
