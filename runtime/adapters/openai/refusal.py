"""What a model's server answers instead of a stream, as this program's own failures.

The body of such an answer is looked into, never logged, shown or kept: it may quote the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from email.utils import parsedate_to_datetime

import aiohttp

from runtime.errors import NotOffered, Refused, Transient, Unavailable

_SAID = {
    400: "cannot take the request; is the model's context long enough for a conversation?",
    401: "does not accept the key; check OPENAI_API_KEY",
    402: "wants to be paid; check the account that OPENAI_API_KEY belongs to",
    403: "does not let this key use this model; check OPENAI_API_KEY and MODEL",
    404: "knows no such model or address; check MODEL, that the server has it, and OPENAI_BASE_URL, which mostly ends "
    "in /v1",
}
_PASSING = {408, 409, 425, 429}
_SERVER_ERROR = 500


def of(status: int, headers: Mapping[str, str] | None = None) -> Transient | Refused:
    """Return the failure that an HTTP *status* other than 200 means, with what the *headers* say of how long."""
    if status >= _SERVER_ERROR or status in _PASSING:
        message = f"the model's server is overloaded or out of order (HTTP {status})"
        return Unavailable(message, after=_after(headers or {}))
    said = _SAID.get(status, "does not answer like one; check OPENAI_BASE_URL")
    return NotOffered(f"The language model's server {said} (HTTP {status}).")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a connection can die of into `Unavailable`, and an address that is none into `NotOffered`."""
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise NotOffered("The language model's address is no http(s) URL; check OPENAI_BASE_URL.") from error
    except TimeoutError as error:
        raise Unavailable("the model's server did not answer in time") from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise Unavailable(f"the connection to the model's server failed: {type(error).__name__}") from error


def _after(headers: Mapping[str, str]) -> float:
    """Return the seconds of `Retry-After`, 0 where it says none; a date is taken by the server's own clock."""
    asked = headers.get("Retry-After", "").strip()
    if asked.isascii() and asked.isdigit():
        return float(asked)
    try:
        until, sent = (parsedate_to_datetime(date) for date in (asked, headers.get("Date", "")))
        return max((until - sent).total_seconds(), 0.0)
    except (ValueError, TypeError):  # No date, or one of both without a zone.
        return 0.0
