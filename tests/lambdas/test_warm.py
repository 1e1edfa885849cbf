"""A function's process: what it opens once, and what becomes of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from runtime.lambdas.warm import Warm, type_of_event


class Opening:
    """Opens a list for each process, and tells when it is open."""

    def __init__(self) -> None:
        self.opened = self.closed = 0
        self.loops: set[int] = set()

    @asynccontextmanager
    async def open(self, _: Mapping[str, str]) -> AsyncIterator[list[int]]:
        """Open a list."""
        self.opened += 1
        yield []
        self.closed += 1

    async def answer(self, seen: list[int], event: type_of_event) -> object:
        """Note an event; return all that this process has seen."""
        self.loops.add(id(asyncio.get_running_loop()))
        seen.append(event["number"])
        return list(seen)


def test_events_of_one_process_share_what_it_opened_and_its_loop() -> None:
    opening = Opening()
    handler = Warm(opening.open, opening.answer)

    answers = [handler({"number": number}, None) for number in range(3)]
    handler.close()

    assert answers[-1] == [0, 1, 2]
    assert (opening.opened, opening.closed, len(opening.loops)) == (1, 1, 1)


def test_a_process_that_saw_no_event_has_nothing_to_close() -> None:
    opening = Opening()

    Warm(opening.open, opening.answer).close()

    assert (opening.opened, opening.closed) == (0, 0)
