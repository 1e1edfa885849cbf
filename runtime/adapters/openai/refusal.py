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
    401: "does not accept the key; check the setting of the model's key",
    402: "wants to be paid; check the account that the model's key belongs to",
    403: "does not let this key use this model; check the settings of the model's key and name",
    404: "knows no such model or address; check the settings of the model's name and of its address, which mostly ends "
    "in /v1, and that the server has the model",
}
_PASSING = {408, 409, 425, 429}
_SERVER_ERROR = 500


def of(status: int) -> Transient | Refused:
    """Return the failure that an HTTP *status* other than 200 means."""
    if status >= _SERVER_ERROR or status in _PASSING:
        return Unavailable(f"the model's server is overloaded or out of order (HTTP {status})")
    said = _SAID.get(status, "does not answer like one; check the setting of the model's address")
    return NotOffered(f"The language model's server {said} (HTTP {status}).")


@contextmanager
def translated() -> Iterator[None]:
    """Turn what a connection can die of into `Unavailable`, and an address that is none into `NotOffered`."""
    try:
        yield
    except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
        raise NotOffered("The language model's address is no http(s) URL; check its setting.") from error
    except TimeoutError as error:
        raise Unavailable("the model's server did not answer in time") from error
    except (aiohttp.ClientError, ConnectionError) as error:
        raise Unavailable(f"the connection to the model's server failed: {type(error).__name__}") from error
