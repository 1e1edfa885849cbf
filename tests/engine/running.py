"""Processes by what is in their surroundings, which they hand on to what they start. Only Linux tells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

_WITHIN_S = 120
_BETWEEN_S = 0.2


async def become(holds: Callable[[list[str]], bool], mark: str) -> None:
    """Wait until *holds* of the processes that have *mark*. Raises `TimeoutError`."""
    async with asyncio.timeout(_WITHIN_S):
        while not holds(_running(mark)):  # noqa: ASYNC110 - the kernel tells nobody.
            await asyncio.sleep(_BETWEEN_S)


async def ended(mark: str) -> None:
    """Wait until no process has *mark*. Raises `TimeoutError`."""
    await become(lambda found: not found, mark)


def _running(mark: str) -> list[str]:
    """Return the command lines of the processes that have *mark* in their surroundings."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (process / "environ").read_bytes():
                found.append((process / "cmdline").read_text())
        except OSError:
            continue
    return [line for line in found if line]
