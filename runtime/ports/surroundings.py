"""What every process has: time, names, sockets to post to, numbers to record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Clock(Protocol):
    """The time of day; durations are measured on the event loop's own clock."""

    def now(self) -> float:
        """Return Unix seconds, UTC."""


class Ids(Protocol):
    """Where fresh names come from."""

    def new(self) -> str:
        """Return a lower-case, dashed uuid that was never returned before."""


class Connections(Protocol):
    """The open sockets, by name."""

    async def post(self, connection: str, frame: bytes) -> None:
        """Send *frame*; raise `Gone` where the connection is closed or was cut because it does not read."""


class Metrics(Protocol):
    """Numbers about turns: never a word of them."""

    def record(self, event: str, **values: float | str) -> None:
        """Count one *event* with its *values* (milliseconds, counts, names of stages)."""


class Tracer(Protocol):
    """Where the stages of turns can be seen beside each other."""

    def turn(self, turn: str, spans: Mapping[str, tuple[float, float]]) -> None:
        """Tell when each stage of a turn that ended just now began and ended, in ms from its admission; never fails."""
