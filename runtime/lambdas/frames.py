"""A client's frame from API Gateway to the desk, and the answers back over the connection that it came by.

A frame is for the function that it was routed to: it serves that one action, so a frame that names its action twice, or
in another way than API Gateway read it, is a bad one. What came by `$default` is no frame of ours, and is told why.
"""

from __future__ import annotations

from typing import Final

from runtime.admission.desk import Desk
from runtime.bootstrap.cloud import Door
from runtime.errors import Gone
from runtime.lambdas.calling import caller, endpoint
from runtime.lambdas.warm import type_of_event
from runtime.protocol import client

_DONE: Final = {"statusCode": 200}


async def answer(door: Door, event: type_of_event) -> object:
    """Answer one frame."""
    who = caller(event)
    door.connections.meet(who.connection, endpoint(event))
    reply = await _desk(door, event["requestContext"]["routeKey"]).handle(who, _bytes(event))
    try:
        for frame in reply.frames:
            await door.connections.post(who.connection, frame)
    except Gone:
        return _DONE
    if reply.closing:
        await door.connections.cut(who.connection)
    return _DONE


def _desk(door: Door, route: str) -> Desk:
    kind = client.KINDS.get(route)
    served = {kind: door.actions[kind]} if kind is not None and kind in door.actions else {}
    return Desk(served, door.clock, door.ids)


def _bytes(event: type_of_event) -> bytes:
    """Return the frame as it came; half a character was none in it, and makes it a bad one."""
    return str(event.get("body") or "").encode("utf-8", "surrogatepass")
