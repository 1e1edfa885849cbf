"""Metrics as log records: one a turn, its values in *extra*."""

from __future__ import annotations

import logging

_log = logging.getLogger("companion.metrics")


class LogMetrics:
    """Numbers into the log."""

    def record(self, event: str, **values: float | str) -> None:
        """Log *event* with its *values*."""
        _log.info(event, extra={"values": values})
