"""The newest exchanges of those who were last here, as a page that is ready: each turn begins with it.

Whoever adds an exchange makes the page of the next turn; whatever else changes drops it, to be read again.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from runtime.conversation import Exchange
from runtime.ports import Page

_EXCHANGE: Final = 400  # Bytes beside what was said.


@dataclass(frozen=True, slots=True)
class _Kept:
    limit: int
    page: Page[Exchange]
    expires: float
    size: int


class Newest:
    """First pages by user, within *room* bytes; *cursor* makes the cursor of what comes after an exchange."""

    def __init__(self, cursor: Callable[[Exchange], str], room: int = 8_000_000) -> None:
        self._cursor = cursor
        self._room = room
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def get(self, user: str, limit: int, now: float) -> Page[Exchange] | None:
        """Return the page of *limit* exchanges of which none is expired, if it is here."""
        kept = self._kept.get(user)
        if kept is None or kept.limit != limit or kept.expires <= now:
            return None
        self._kept.move_to_end(user)
        return kept.page

    def put(self, user: str, limit: int, page: Page[Exchange], expires: float) -> None:
        """Keep the page that was read for *limit*, until the first of it *expires*."""
        self.drop(user)
        size = sum(_EXCHANGE + sys.getsizeof(one.text) + sys.getsizeof(one.reply) for one in page.items)
        self._kept[user] = _Kept(limit, page, expires, size)
        self._room -= size
        while self._room < 0:
            self.drop(next(iter(self._kept)))

    def add(self, exchange: Exchange, expires: float) -> None:
        """Put *exchange* before the others of its user, or drop these where it belongs elsewhere."""
        kept = self._kept.get(exchange.user)
        if kept is None:
            return
        items, cursor = kept.page.items, kept.page.cursor
        if any(one.turn == exchange.turn for one in items) or (items and _place(items[0]) > _place(exchange)):
            self.drop(exchange.user)
            return
        items = (exchange, *items)
        if len(items) > kept.limit:
            items = items[: kept.limit]
            cursor = self._cursor(items[-1])
        self.put(exchange.user, kept.limit, Page(items, cursor), min(kept.expires, expires))

    def drop(self, user: str) -> None:
        """Forget the page of *user*."""
        if kept := self._kept.pop(user, None):
            self._room += kept.size

    def clear(self) -> None:
        """Forget all pages."""
        for user in list(self._kept):
            self.drop(user)


def _place(exchange: Exchange) -> tuple[float, str]:
    return exchange.at, exchange.turn
