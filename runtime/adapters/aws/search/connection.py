"""One client of OpenSearch for the life of the process: signed, nothing tried twice, and no word of a body logged."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Protocol

import msgspec
from opensearchpy import (
    AsyncHttpConnection,
    AsyncOpenSearch,
    AWSV4SignerAsyncAuth,
    ConnectionError,  # noqa: A004 - the library's own name.
    ImproperlyConfigured,
    OpenSearchException,
    TransportError,
)
from opensearchpy.serializer import JSONSerializer

from runtime.errors import Failure, Misconfigured, Refused, Unavailable

_SERVICE: Final = "es"
_EXPIRED: Final = "expired_token"
_PASSING: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS})
_OUR_OWN: Final = frozenset({HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND})


class Credentials(Protocol):
    """Credentials as aiobotocore has them: those that end are renewed when they are asked for."""

    async def get_frozen_credentials(self) -> Any:  # noqa: ANN401 - botocore's tuple of keys.
        """Return the keys of this moment."""


@dataclass(frozen=True, slots=True)
class Access:
    """Where OpenSearch is and who asks it: *seconds* for an answer, *connections* at once."""

    endpoint: str
    region: str
    credentials: Credentials
    seconds: float = 10.0
    connections: int = 128


class _Keys:
    """The keys that requests are signed with: the signer takes them at once, so they are renewed before it asks."""

    def __init__(self, source: Credentials) -> None:
        self._source = source
        self._frozen: Any = None

    async def renew(self) -> None:
        self._frozen = await self._source.get_frozen_credentials()

    def get_frozen_credentials(self) -> Any:  # noqa: ANN401 - as the signer asks for it.
        return self._frozen


class _Connection(AsyncHttpConnection):
    """A connection that renews its *keys* before each request, and keeps what people say out of every log."""

    def __init__(self, *, keys: _Keys, **arguments: Any) -> None:  # noqa: ANN401 - the library's own.
        super().__init__(**arguments)
        self._keys = keys

    async def perform_request(self, *arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - the library's own.
        await self._keys.renew()
        return await super().perform_request(*arguments, **named)

    def _raise_error(self, status_code: int, raw_data: str | bytes, content_type: str | None = None) -> None:
        """Read the error as what it is; the library forgets to say so here."""
        super()._raise_error(status_code, raw_data, content_type or "application/json")

    def log_request_success(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - the library's own.
        """Log nothing: bodies are what people said."""

    def log_request_fail(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - the library's own.
        """Log nothing: bodies are what people said, and whoever called says what failed."""


class _Json(JSONSerializer):
    """JSON three times as fast: an answer is hundreds of kilobytes in the middle of a turn."""

    def dumps(self, data: Any) -> Any:  # noqa: ANN401 - the library's own.
        return data if isinstance(data, str | bytes) else msgspec.json.encode(data).decode()

    def loads(self, s: str) -> Any:  # noqa: ANN401 - the library's own.
        return msgspec.json.decode(s)


def open_client(access: Access) -> AsyncOpenSearch:
    """Return a client that connects at its first call; whoever opens it closes it."""
    keys = _Keys(access.credentials)
    return AsyncOpenSearch(
        hosts=[access.endpoint],
        http_auth=AWSV4SignerAsyncAuth(keys, access.region, _SERVICE),
        connection_class=_Connection,
        keys=keys,
        serializer=_Json(),
        timeout=access.seconds,
        pool_maxsize=access.connections,
        max_retries=0,
        retry_on_timeout=False,
        retry_on_status=(),
    )


@contextmanager
def translated() -> Iterator[None]:
    """Raise what the client raises in the block as our own errors; no message of the service's is passed on."""
    try:
        yield
    except ConnectionError as error:
        raise Unavailable(f"the search does not answer: {type(error).__name__}") from error
    except TransportError as error:
        raise refusal(error.status_code, _code_of(error.info)) from error
    except ImproperlyConfigured as error:
        raise _misconfigured(type(error).__name__) from error
    except OpenSearchException as error:
        raise Unavailable(f"the search gives no answer that can be read: {type(error).__name__}") from error


def refusal(status: object, code: str) -> Failure:
    """Return what the service's *status* and its own *code* for it mean."""
    number = status if isinstance(status, int) else 0
    if code == _EXPIRED or number in _PASSING or number >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Unavailable(f"the search does not answer: {number} {code}")
    if number in _OUR_OWN:
        return _misconfigured(f"{number} {code}")
    return Refused(f"the search refused: {number} {code}")


def _misconfigured(what: str) -> Misconfigured:
    return Misconfigured(
        f"got: {what} from the search; why not: this process may not, or there is no such index; instead: look at its "
        "role and at SEARCH_ENDPOINT and SEARCH_INDEX, and deploy the index again"
    )


def _code_of(info: object) -> str:
    """Return the kind of an error, which never quotes a request; what stands before the service says it in words."""
    if not isinstance(info, Mapping):
        return ""
    if "expired" in str(info.get("message", info.get("Message", ""))):
        return _EXPIRED
    error = info.get("error")
    return str(error.get("type", "")) if isinstance(error, Mapping) else ""
