"""The open sockets of a WebSocket API: a row for each, and frames posted to one at a time and in order.

A reader who takes nothing, or cannot be reached, for as long as all tries take is cut: a client that sees its socket
closed comes back and asks for the rest, one that silently gets no more waits for ever.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Protocol

from botocore.exceptions import ClientError
from msgspec import Struct, field

from runtime.adapters.aws.errors import code_of, translated
from runtime.adapters.aws.table import Table
from runtime.errors import Failure, Gone, Misconfigured, TooLarge, Transient, place
from runtime.ports import Clock

if TYPE_CHECKING:
    from types_aiobotocore_apigatewaymanagementapi import ApiGatewayManagementApiClient

_log = logging.getLogger(__name__)
_PAUSES: Final = (0.1, 0.2, 0.4, 0.8, 1.6)
_LIFE: Final = 2 * 3600 + 600  # Seconds: two hours is the service's limit.
_KNOWN: Final = 10_000


class Opens(Protocol):
    """Opens a client of the API at *endpoint*, for the life of the process."""

    async def __call__(self, endpoint: str) -> ApiGatewayManagementApiClient:
        """Return the client."""


class _Line(Struct):
    """The way to one connection: whoever has its *turn* may use the *client*, which is looked up with the first."""

    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    endpoint: str = ""
    client: ApiGatewayManagementApiClient | None = None


class ApiGatewayConnections:
    """Posts to the connections in *table* by one client for each endpoint; *pauses*: seconds between tries."""

    def __init__(self, table: Table, opens: Opens, clock: Clock, pauses: Sequence[float] = _PAUSES) -> None:
        self._table, self._opens, self._clock, self._pauses = table, opens, clock, pauses
        self._lines: dict[str, _Line] = {}
        self._clients: dict[str, ApiGatewayManagementApiClient] = {}
        self._opening = asyncio.Lock()

    async def opened(self, connection: str, user: str, endpoint: str) -> None:
        """Note a new connection of *user*, which is posted to at *endpoint*."""
        expires = int(self._clock.now()) + _LIFE
        fields = {"connection_id": connection, "user_id": user, "endpoint": endpoint, "expires_at": expires}
        await self._table.put(fields)

    async def closed(self, connection: str) -> None:
        """Forget a connection."""
        self._lines.pop(connection, None)
        await self._table.delete({"connection_id": connection}, "", {})

    def meet(self, connection: str, endpoint: str) -> None:
        """Take it as known that *connection* is posted to at *endpoint*: it just sent something from there."""
        self._line(connection).endpoint = endpoint

    async def post(self, connection: str, frame: bytes) -> None:
        line = self._line(connection)
        async with line.turn:
            client = await self._reached(line, connection)
            for pause in self._pauses:
                try:
                    return await self._post(client, connection, frame)
                except Transient as failure:
                    _log.info("connection.waits", extra={"connection": connection, "failure": place(failure)})
                    await asyncio.sleep(pause)
            try:
                await self._post(client, connection, frame)
            except Transient as failure:
                _log.warning("connection.cut", extra={"connection": connection, "failure": place(failure)})
                await self.cut(connection)
                raise Gone("the connection was cut because nobody read") from failure

    async def cut(self, connection: str) -> None:
        """Close a connection from this side, as far as it can be reached; it is forgotten either way."""
        try:
            client = await self._reached(self._line(connection), connection)
            with translated("the connection"):
                await client.delete_connection(ConnectionId=connection)
        except Failure as failure:
            _log.info("connection.uncut", extra={"connection": connection, "failure": place(failure)})
        await self.closed(connection)

    async def _post(self, client: ApiGatewayManagementApiClient, connection: str, frame: bytes) -> None:
        with translated("the connection"):
            try:
                await client.post_to_connection(ConnectionId=connection, Data=frame)
            except ClientError as error:
                failure = _final(error, len(frame))
                if failure is None:
                    raise
                if isinstance(failure, Gone):
                    await self.closed(connection)
                raise failure from error

    def _line(self, connection: str) -> _Line:
        if connection not in self._lines:
            if len(self._lines) >= _KNOWN:
                del self._lines[next(iter(self._lines))]
            self._lines[connection] = _Line()
        return self._lines[connection]

    async def _reached(self, line: _Line, connection: str) -> ApiGatewayManagementApiClient:
        if line.client is None:
            line.client = await self._client(line.endpoint or await self._endpoint(connection))
        return line.client

    async def _endpoint(self, connection: str) -> str:
        row = await self._table.get({"connection_id": connection}, ("endpoint", "expires_at")) if connection else None
        if row is None or row["expires_at"] <= self._clock.now():
            self._lines.pop(connection, None)
            raise Gone("the connection is closed")
        return str(row["endpoint"])

    async def _client(self, endpoint: str) -> ApiGatewayManagementApiClient:
        async with self._opening:
            if endpoint not in self._clients:
                self._clients[endpoint] = await self._opens(endpoint)
        return self._clients[endpoint]


def _final(error: ClientError, size: int) -> Failure | None:
    """Return what no other try would change; None: another may."""
    match code_of(error):
        case "GoneException":
            return Gone("the connection is closed")
        case "PayloadTooLargeException":
            return TooLarge(f"a frame of {size:,} bytes was refused: no frame of the protocol may be that large")
        case "ForbiddenException":
            return Misconfigured(
                "got: ForbiddenException for PostToConnection; why not: this process may not post there; instead: let "
                "its role execute-api:ManageConnections on the stage, and see that $connect noted that stage's address"
            )
    return None
