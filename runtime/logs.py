"""The log of a process: one line an event, its values behind it, and never a token or a word that a person said.

Our own messages are constants and their values ids, counts and durations. What libraries fill into theirs, and what an
exception says, can quote anything: of them only the template and the place are written.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from typing import Any, Final

from runtime.errors import place

_OURS: Final = ("runtime.", "companion.")
_OWN_FIELDS: Final = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "values"}
_TOKEN: Final = re.compile(r"bearer\.\S+|\beyJ[\w-]+\.[\w-]*\.?[\w-]*", re.IGNORECASE)

_log = logging.getLogger(__name__)


class Lines(logging.Formatter):
    """Writes a record as `instant LEVEL logger event name=value ...`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        template = str(record.msg).partition("\n")[0]
        head = f"{self.formatTime(record)} {record.levelname} {record.name} {template}"
        values = " ".join(f"{name}={_plain(value)}" for name, value in _values(record).items())
        return _TOKEN.sub("[token]", f"{head} {values}".rstrip())


def begin(level: str, *filters: Callable[[logging.LogRecord], bool]) -> None:
    """Write what is logged at *level* and above, and passes all *filters*, to standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines())
    for one in filters:
        handler.addFilter(one)
    logging.basicConfig(level=level, handlers=[handler], force=True)


def watch(loop: asyncio.AbstractEventLoop) -> None:
    """Log where what nobody caught in *loop* came from; asyncio's own handler would quote it."""
    loop.set_exception_handler(_uncaught)


def _uncaught(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    error = context.get("exception")
    _log.error("loop.broken", extra={"failure": "unknown" if error is None else place(error)})


def _values(record: logging.LogRecord) -> dict[str, Any]:
    values = dict(record.__dict__.get("values", {}))
    if record.name.startswith(_OURS):
        values |= {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
    if record.exc_info and record.exc_info[1] is not None:
        values["failure"] = place(record.exc_info[1])
    return values


def _plain(value: object) -> str:
    """Write *value* on one line."""
    return str(value).encode("unicode_escape").decode("ascii")
