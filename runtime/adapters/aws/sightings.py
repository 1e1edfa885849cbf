"""What a process sees of the turns it answers: in the answers to its writes, and where there were none by a look.

One look serves all who wait for one about now, so that a hundred turns at once cost as many calls as one: who is due
first reads the rows of all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final

from runtime.adapters.aws import many
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Table
from runtime.errors import Unavailable

_LOOK_SECONDS: Final = 0.2
_ABOUT_NOW: Final = 0.1
_LOOKED_AT: Final = ("user_id", "item", "epoch", "stop", "connection", "resume_after", "attached")


class Sight:
    """One who watches the row at *key*, and the instant at which a look is due."""

    def __init__(self, key: type_of_fields) -> None:
        self.key = key
        self.due = _now()
        self.row: type_of_fields | None = None
        self.seen = False
        self._changed = asyncio.Event()

    def show(self, row: type_of_fields | None) -> None:
        """Show the row as it stands, None where it is gone."""
        self.row, self.seen, self.due = row, True, _now() + _LOOK_SECONDS
        self._changed.set()

    def urge(self) -> None:
        """Let this one look now: whoever was to look for it did not come to it."""
        self.due = _now()
        self._changed.set()

    async def changed(self) -> None:
        """Wait until there is something to see, or to do, at the latest when a look is due."""
        try:
            async with asyncio.timeout_at(self.due):
                await self._changed.wait()
        except TimeoutError:
            return
        self._changed.clear()


class Sightings:
    """Who watches which row of the *table* of turns."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._sights: dict[tuple[str, str], list[Sight]] = {}

    def show(self, row: type_of_fields) -> None:
        """Show a row to those who watch it."""
        for sight in self._sights.get(_name(row), ()):
            sight.show(row)

    @contextmanager
    def of(self, key: type_of_fields) -> Iterator[Sight]:
        """Watch the row at *key* for the length of the block."""
        name, sight = _name(key), Sight(key)
        self._sights.setdefault(name, []).append(sight)
        try:
            yield sight
        finally:
            self._sights[name].remove(sight)
            if not self._sights[name]:
                del self._sights[name]

    async def next(self, sight: Sight) -> type_of_fields | None:
        """Wait for the next that is seen of a row and return it, None where the row is gone."""
        while not sight.seen:
            if sight.due <= _now():
                await self._look()
            else:
                await sight.changed()
        sight.seen = False
        return sight.row

    async def _look(self) -> None:
        """Read the rows of all who are due about now; a look that fails is none, and another follows."""
        until = _now() + _ABOUT_NOW
        waiting = [sight for sights in self._sights.values() for sight in sights if sight.due <= until]
        for sight in waiting:
            sight.due = _now() + _LOOK_SECONDS
        try:
            rows = await self._rows(waiting)
        except Unavailable:
            return
        except BaseException:
            for sight in waiting:
                sight.urge()
            raise
        for sight in waiting:
            sight.show(rows.get(_name(sight.key)))

    async def _rows(self, waiting: Sequence[Sight]) -> dict[tuple[str, str], type_of_fields]:
        keys = {_name(sight.key): sight.key for sight in waiting}
        return {_name(row): row for row in await many.read(self._table, [*keys.values()], _LOOKED_AT)}

    def __repr__(self) -> str:
        return f"<Sightings: {sum(map(len, self._sights.values()))} watch>"


def _name(row: type_of_fields) -> tuple[str, str]:
    return row["user_id"], row["item"]


def _now() -> float:
    return asyncio.get_running_loop().time()
