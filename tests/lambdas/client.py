"""A page at the other end of API Gateway: its handshake and frames become the events that the functions get."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

from runtime.protocol import server
from tests.lambdas.stack import Stack
from tests.parts.events import event


@dataclass
class Page:
    """One connection of *user*."""

    stack: Stack
    user: str = "ana"
    connection: str = "BFaT_fALIAMCKug="
    authorizer: dict[str, str] = field(default_factory=dict)
    posted: list[bytes] = field(default_factory=list)

    async def open(self, **token: Any) -> dict[str, Any]:  # noqa: ANN401 - claims.
        """Shake hands as a browser does, by the authorizer and $connect; return what $connect answers."""
        protocols = f"companion.v1, bearer.{self.stack.pool.token(self.user, **token)}"
        asked = event("authorize", multiValueHeaders={"Sec-WebSocket-Protocol": [protocols]})
        allowed = cast("dict[str, Any]", await (await self.stack.function("authorizer")).invoke(asked))
        self.authorizer = {**allowed["context"], "principalId": allowed["principalId"]}
        self.posted = self.stack.api.open(self.connection)
        shaken = event("connect", requestContext=self.context("$connect"))
        return cast("dict[str, Any]", await (await self.stack.function("connect")).invoke(shaken))

    def context(self, route: str) -> dict[str, Any]:
        """Return what API Gateway tells of where an event comes from."""
        return {
            "routeKey": route,
            "connectionId": self.connection,
            "domainName": self.stack.front.domain,
            "authorizer": self.authorizer,
        }

    def said(self, route: str, frame: dict[str, Any] | str) -> dict[str, Any]:
        """Return the event of a *frame* that was routed by *route*."""
        body = frame if isinstance(frame, str) else json.dumps(frame)
        return event("message", body=body, requestContext=self.context(route))

    async def say(self, role: str, action: str, **fields: object) -> None:
        """Send a frame, which is routed to the function that is *role*."""
        await (await self.stack.function(role)).invoke(self.said(action, {"action": action, **fields}))

    @property
    def frames(self) -> list[server.AnyFrame]:
        """Return what has arrived."""
        return [server.decode(frame) for frame in self.posted]
