"""What this process sees of turns' rows in the answers to its writes, for whoever watches them here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from runtime.adapters.aws.requests import type_of_fields


class Sight:
    """The last that was seen of one row and not looked at yet."""

    def __init__(self) -> None:
        self._fields: type_of_fields | None = None
        self._seen = asyncio.Event()

    def show(self, fields: type_of_fields) -> None:
        """Show the row as it is now."""
        self._fields = fields
        self._seen.set()

    async def within(self, seconds: float) -> type_of_fields | None:
        """Return what is seen within *seconds*, None where nothing is."""
        try:
            async with asyncio.timeout(seconds):
                await self._seen.wait()
        except TimeoutError:
            return None
        self._seen.clear()
        return self._fields


class Sightings:
    """Who watches which row, by its key."""

    def __init__(self) -> None:
        self._sights: dict[tuple[str, str], list[Sight]] = {}

    def show(self, fields: type_of_fields) -> None:
        """Show a row to those who watch it."""
        for sight in self._sights.get((fields["user_id"], fields["item"]), ()):
            sight.show(fields)

    @contextmanager
    def of(self, key: type_of_fields) -> Iterator[Sight]:
        """Watch the row at *key* for the length of the block."""
        name, sight = (key["user_id"], key["item"]), Sight()
        self._sights.setdefault(name, []).append(sight)
        try:
            yield sight
        finally:
            self._sights[name].remove(sight)
            if not self._sights[name]:
                del self._sights[name]

    def __repr__(self) -> str:
        return f"<Sightings: {sum(map(len, self._sights.values()))} watched>"
