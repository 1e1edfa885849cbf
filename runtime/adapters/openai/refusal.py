"""What a model's server answers instead of a stream, as this program's own failures.

The body of such an answer is looked into, never logged, shown or kept: it may quote the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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


def of(status: int) -> Transient | Refused:
    """Return the failure that an HTTP *status* other than 200 means."""
    if status >= _SERVER_ERROR or status in _PASSING:
        return Unavailable(f"the model's server is overloaded or out of order (HTTP {status})")
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
