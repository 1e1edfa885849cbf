"""Takers in line: each wake-up goes to one of them, and one that is cancelled passes it on.

One timer serves the whole line: at the next instant something becomes available, and each second, since another process
may have added something without a word.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

_LONGEST = 1.0
_SHORTEST = 0.001


class Waiting:
    """The line; *outlook* tells how much is available now and in how many seconds something may be."""

    def __init__(self, outlook: Callable[[], tuple[int, float]]) -> None:
        self._outlook = outlook
        self._line: deque[asyncio.Future[None]] = deque()
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self) -> None:
        """Stand in line until woken."""
        place = asyncio.get_running_loop().create_future()
        self._line.append(place)
        try:
            if self._timer is None:
                self.look()
            await place
        except BaseException:
            self._leave(place)
            raise
        finally:
            if not self._line:
                self._stop()

    def wake(self) -> None:
        """Wake the one who waits longest, if any."""
        while self._line:
            place = self._line.popleft()
            if not place.done():
                place.set_result(None)
                return

    def look(self) -> None:
        """Wake as many as there is something for, and plan when to look again."""
        if not self._line:
            return
        self._stop()
        delay = _LONGEST
        try:
            available, delay = self._outlook()
            for _ in range(available):
                self.wake()
        finally:
            self.look_in(delay)

    def look_in(self, delay: float) -> None:
        """Look again in *delay* seconds, or earlier as planned; where nobody waits, there is nothing to plan."""
        if not self._line:
            return
        loop = asyncio.get_running_loop()
        at = loop.time() + min(max(delay, _SHORTEST), _LONGEST)
        if self._timer is None or at < self._timer.when():
            self._stop()
            self._timer = loop.call_at(at, self.look)

    def _leave(self, place: asyncio.Future[None]) -> None:
        """Take *place* out of the line, and pass on the wake-up that it may have got already."""
        if place in self._line:
            self._line.remove(place)
        elif not place.cancelled():
            self.wake()

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def __repr__(self) -> str:
        return f"{len(self._line)} waiting"
