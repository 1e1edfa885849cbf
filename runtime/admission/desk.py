"""The one way in: bytes of a verified caller become answers, whatever they hold, and the connection stays up."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from msgspec import UNSET, Struct

from runtime.admission.caller import Caller
from runtime.errors import BadFrame, Expired, NotOffered, Refused, Transient, place
from runtime.ports import Clock, Ids
from runtime.protocol import client, refusal, server

_log = logging.getLogger(__name__)

Actions = Mapping[type[client.Frame], Callable[[Caller, Any], Awaitable[list[bytes]]]]


class Reply(Struct, frozen=True):
    """Frames for the caller; *closing*: the connection ends behind them."""

    frames: list[bytes]
    closing: bool = False


class Desk:
    """Dispatches frames by their action to *actions*: all that are served here, which may be some of the protocol's."""

    def __init__(self, actions: Actions, clock: Clock, ids: Ids) -> None:
        """Serve *actions*, and `ping`."""
        self._clock, self._ids = clock, ids
        self._actions: Actions = {client.Ping: _pong, **actions}

    async def handle(self, caller: Caller, data: bytes) -> Reply:
        """Answer one frame; nothing that it holds raises."""
        try:
            caller.identity.check(self._clock.now())
            return Reply(await self._do(caller, client.parse(data)))
        except Refused as refused:
            return Reply([_error(data, refused)], closing=isinstance(refused, Expired))
        except Transient as failure:
            _log.warning("action.failed", extra={"failure": place(failure)})
            return Reply([_error(data, NotOffered("the store does not answer just now: try again in a moment"))])
        except Exception as error:  # noqa: BLE001 - the outermost loop of a frame: the client gets an id, the log the place.
            trouble = self._ids.new()
            _log.error("action.broken", extra={"trouble": trouble, "failure": place(error)})
            return Reply([_error(data, Refused(f"something went wrong here (trouble {trouble})"))])

    async def _do(self, caller: Caller, frame: client.AnyFrame) -> list[bytes]:
        if isinstance(frame, client.Erase) and frame.confirm != caller.user:
            raise BadFrame("`confirm`: got another id than the one you are signed in with: it must be your own user id")
        action = self._actions.get(type(frame))
        if action is None:
            raise BadFrame("`action`: got another one than the frame was routed by: a frame names its action once")
        return await action(caller, frame)


async def _pong(_: Caller, __: client.Ping) -> list[bytes]:
    return [server.encode(server.Pong())]


def _error(data: bytes, refused: Refused) -> bytes:
    retry = UNSET if refused.retry_after_ms is None else refused.retry_after_ms
    named = refusal.names(data, client.KINDS)
    return server.encode(server.Error(code=refused.code, message=refused.message, retry_after_ms=retry, **named))
