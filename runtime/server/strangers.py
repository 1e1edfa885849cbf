"""What strangers send that is no HTTP: nobody's trouble."""

from __future__ import annotations

import logging

from aiohttp.http_exceptions import HttpProcessingError


def quieten(record: logging.LogRecord) -> bool:
    """Take what a stranger sends that is no HTTP for a matter of debugging; say whether *record* is still written."""
    if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
        record.levelno, record.levelname = logging.DEBUG, "DEBUG"
        return logging.getLogger().isEnabledFor(logging.DEBUG)
    return True
