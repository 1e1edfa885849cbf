"""A deadline for a stream's next token: one timer, looked at when it rings, not moved with every token."""

from __future__ import annotations

import asyncio
from math import inf
from types import TracebackType
from typing import Self

import aiohttp


class Watch:
    """Closes *response* when what is waited for is not there by *due* (the loop's time); then *late* is true.

    Closing makes the pending read fail, so nothing but that read is disturbed, least of all a slow listener.
    """

    def __init__(self, response: aiohttp.ClientResponse, due: float) -> None:
        self._response, self._due = response, due
        self._loop = asyncio.get_running_loop()
        self._timer = self._loop.call_at(due, self._ring)
        self.late = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def rest(self) -> None:
        """Wait for nothing: the listener has the word."""
        self._due = inf

    def expect(self, seconds: float) -> None:
        """Wait for *seconds* from now on."""
        self._due = self._loop.time() + seconds
        if self._due < self._timer.when():
            self._timer.cancel()
            self._timer = self._loop.call_at(self._due, self._ring)

    def _ring(self) -> None:
        now = self._loop.time()
        if now < self._due:
            self._timer = self._loop.call_at(min(self._due, now + 1.0), self._ring)
            return
        self.late = True
        self._response.close()
