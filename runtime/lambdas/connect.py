"""The function that notes connections as they open and close."""

from __future__ import annotations

from functools import partial

from runtime.adapters.aws.connections import ApiGatewayConnections
from runtime.bootstrap import cloud
from runtime.errors import Transient
from runtime.lambdas.calling import caller, endpoint
from runtime.lambdas.handshake import PROTOCOLS, offered
from runtime.lambdas.warm import Warm, type_of_event
from runtime.protocol.server import SUBPROTOCOL


async def answer(connections: ApiGatewayConnections, event: type_of_event) -> object:
    """Note one opening or closing."""
    if event["requestContext"]["eventType"] == "DISCONNECT":
        await connections.closed(event["requestContext"]["connectionId"])
        return {"statusCode": 200}
    if SUBPROTOCOL not in (part.strip() for part in offered(event).split(",")):
        return {"statusCode": 400}
    who = caller(event)
    try:
        await connections.opened(who.connection, who.user, endpoint(event))
    except Transient:
        return {"statusCode": 503}
    return {"statusCode": 200, "headers": {PROTOCOLS: SUBPROTOCOL}}


handler = Warm(partial(cloud.opened, "connect", opens=cloud.connections), answer)
