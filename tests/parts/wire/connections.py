"""API Gateway's @connections: what is posted to whom, who is gone, and who reads too slowly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from aiohttp import web

from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Handler, Reply, output

_LARGEST = 128 << 10


@dataclass
class Connections:
    """The connections of a WebSocket API at *stage*: who isn't in *posted* is gone, who is in *full* takes no more."""

    stage: str = "prod"
    posted: dict[str, list[bytes]] = field(default_factory=dict)
    full: set[str] = field(default_factory=set)
    _sockets: dict[str, web.WebSocketResponse] = field(default_factory=dict)

    def open(self, connection: str, socket: web.WebSocketResponse | None = None) -> list[bytes]:
        """Open *connection*; return the list that takes what is posted to it, and send it over *socket* as well."""
        if socket is not None:
            self._sockets[connection] = socket
        return self.posted.setdefault(connection, [])

    def close(self, connection: str) -> None:
        """Let *connection* be gone, as after its client left."""
        self.posted.pop(connection, None)
        self._sockets.pop(connection, None)

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        service = "apigatewaymanagementapi"
        return {
            (service, "PostToConnection"): self._post,
            (service, "DeleteConnection"): self._delete,
            (service, "GetConnection"): self._get,
        }

    async def _post(self, call: Call) -> Reply:
        connection = self._present(call)
        if len(call.body) > _LARGEST:
            raise Refusal("PayloadTooLargeException", "Message too long", more={"connectionId": connection})
        if connection in self.full:
            raise Refusal("LimitExceededException", "Too Many Requests", more={"connectionId": connection})
        self.posted[connection].append(call.body)
        if socket := self._sockets.get(connection):
            try:
                await socket.send_str(call.body.decode())
            except ConnectionError:
                raise Refusal("GoneException", "") from None
        return output(call, {})

    async def _delete(self, call: Call) -> Reply:
        connection = self._present(call)
        socket = self._sockets.get(connection)
        self.close(connection)
        if socket is not None:
            await socket.close()
        return output(call, {})

    async def _get(self, call: Call) -> Reply:
        self._present(call)
        since = "2026-11-21T12:00:00.000Z"
        who = {"SourceIp": "203.0.113.7", "UserAgent": "test"}
        return output(call, {"ConnectedAt": since, "Identity": who, "LastActiveAt": since})

    def _present(self, call: Call) -> str:
        if not call.path.startswith(f"/{self.stage}/"):
            raise Refusal("ForbiddenException", "Forbidden")
        connection = str(call.arguments["ConnectionId"])
        if connection not in self.posted:
            raise Refusal("GoneException", "")
        return connection
