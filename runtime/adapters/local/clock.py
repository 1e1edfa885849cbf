"""The machine's clock and its source of ids."""

from __future__ import annotations

import time
import uuid


class SystemClock:
    """The time of day."""

    def now(self) -> float:
        """Return Unix seconds, UTC."""
        return time.time()


class RandomIds:
    """Ids from the operating system's randomness."""

    def new(self) -> str:
        """Return a fresh uuid."""
        return str(uuid.uuid4())
