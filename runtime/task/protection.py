"""Keeps ECS from ending this task for want of work while a turn is in hand; a deployment is not kept waiting by it.

The agent is asked when work begins, again while it lasts, and when all is done, not with each turn: what is late by a
few seconds costs a turn its place in this process, and not its answer.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Callable

import aiohttp

from runtime.errors import place

_log = logging.getLogger(__name__)
_BETWEEN_LOOKS, _RENEWED = 2.0, 60.0
_MINUTES = 3
_TIMEOUT = aiohttp.ClientTimeout(total=2.0)


class Protection:
    """Asks the agent at *address* (`ECS_AGENT_URI`)."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        """Begin unprotected, as a task does."""
        self._session, self._url = session, f"{address}/task-protection/v1/state"
        self._since = -math.inf

    async def keep(self, busy: Callable[[], bool]) -> None:
        """Look every two seconds whether there is anything to protect, for ever."""
        while True:
            await self.look(asyncio.get_running_loop().time(), busy=busy())
            await asyncio.sleep(_BETWEEN_LOOKS)

    async def look(self, now: float, *, busy: bool) -> None:
        """Ask for what is due at *now*: protection of what is *busy*, or its end."""
        if busy and now - self._since >= _RENEWED:
            if await self._asked({"ProtectionEnabled": True, "ExpiresInMinutes": _MINUTES}):
                self._since = now
        elif not busy and self._since > -math.inf and await self._asked({"ProtectionEnabled": False}):
            self._since = -math.inf

    async def _asked(self, state: dict[str, object]) -> bool:
        try:
            async with self._session.put(self._url, json=state, timeout=_TIMEOUT) as answer:
                answer.raise_for_status()
        except (aiohttp.ClientError, TimeoutError) as error:
            _log.warning("task.unprotected", extra={"failure": place(error)})
            return False
        return True
