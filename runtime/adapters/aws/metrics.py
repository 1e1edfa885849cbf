"""Metrics as lines of CloudWatch's embedded metric format on standard output: no call, nothing to wait for.

An event counts 1 under its own name, its numbers stand under `event.number`. Words, such as a turn's id, are kept
beside them for whoever reads the log; the process's role is the one dimension, so that no id ever becomes a metric.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import msgspec

from runtime.ports import Clock

NAMESPACE: Final = "Companion"
DIMENSION: Final = "function"


class EmfMetrics:
    """Writes a line an event, as the process that is *role*."""

    def __init__(self, role: str, clock: Clock, write: Callable[[str], object]) -> None:
        self._role, self._clock, self._write = role, clock, write

    def record(self, event: str, **values: float | str) -> None:
        """Write one *event* with its *values*; names that end in `_ms` are milliseconds, the others counts."""
        words = {name: value for name, value in values.items() if isinstance(value, str)}
        numbers = {f"{event}.{name}": float(value) for name, value in values.items() if not isinstance(value, str)}
        line = {"_aws": self._told(event, numbers), DIMENSION: self._role, event: 1, **numbers, **words}
        self._write(msgspec.json.encode(line).decode() + "\n")

    def _told(self, event: str, numbers: dict[str, float]) -> dict[str, Any]:
        metrics = [{"Name": event, "Unit": "Count"}, *({"Name": name, "Unit": _unit(name)} for name in numbers)]
        directive = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": metrics}
        return {"Timestamp": round(self._clock.now() * 1e3), "CloudWatchMetrics": [directive]}


def _unit(name: str) -> str:
    return "Milliseconds" if name.endswith("_ms") else "Count"
