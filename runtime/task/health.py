"""A file that is touched as long as the process gets round to it: an old one shows a process that hangs."""

from __future__ import annotations

import asyncio
from pathlib import Path

_SECONDS = 5.0


async def keep_fresh(file: Path) -> None:
    """Touch *file* every five seconds, and remove it at the end."""
    try:
        while True:
            file.touch()  # noqa: ASYNC240 - a file of no bytes, once in five seconds.
            await asyncio.sleep(_SECONDS)
    finally:
        file.unlink(missing_ok=True)  # noqa: ASYNC240 - the process ends.
