"""When each stage of a turn began and ended, in milliseconds from its admission."""

from __future__ import annotations

import asyncio


class Timings:
    """Spans by stage; a stage that runs several times is one span, from its first start to its last end."""

    def __init__(self, age: float) -> None:
        """Begin *age* seconds after the admission: so long the turn waited in the queue."""
        self._clock = asyncio.get_running_loop().time
        self._zero = self._clock() - age
        self.spans: dict[str, tuple[float, float]] = {"queue": (0.0, age * 1e3)}

    def ms(self) -> float:
        """Return the milliseconds since admission."""
        return (self._clock() - self._zero) * 1e3

    def span(self, name: str, start: float) -> None:
        """Count *start* to now into the stage *name*."""
        end = self.ms()
        first = self.spans.get(name)
        self.spans[name] = (start, end) if first is None else (min(first[0], start), end)

    def moment(self, name: str) -> None:
        """Note that *name* has come, if this is the first time."""
        if name not in self.spans:
            self.spans[name] = (0.0, self.ms())

    def rounded(self) -> dict[str, tuple[float, float]]:
        """Return every span to the hundredth of a millisecond."""
        return {name: (round(start, 2), round(end, 2)) for name, (start, end) in self.spans.items()}
