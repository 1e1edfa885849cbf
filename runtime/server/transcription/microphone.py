"""The socket that a microphone streams to: sound in, transcripts out, until either side has enough.

It hears no faster than people speak but for what was said while nobody listened; the rest waits in the sender's own
buffers. What goes wrong is told by one exception, and then the socket is closed, as Transcribe does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Final, Protocol
from weakref import WeakSet

from aiohttp import WSCloseCode, WSMsgType, web

from runtime.adapters.local.recognition.recogniser import LocalRecogniser
from runtime.adapters.local.recognition.utterance import BYTES_A_SECOND, Utterance
from runtime.errors import BadFrame, Failure, RateLimited, Refused
from runtime.ports import Ids
from runtime.server.guard import Guard
from runtime.server.transcription import events

_log = logging.getLogger(__name__)
_SILENCE: Final = 15.0
_LONGEST: Final = 4 * 3600.0
_AHEAD: Final = 20.0
_AT_ONCE: Final = 65_536
_TRANSPORT: Final = 262_144
_CLOSING_SECONDS: Final = 2.0


class Hears(Protocol):
    """What hears one stream."""

    async def hear(self, sound: bytes) -> list[Utterance]: ...

    async def finish(self) -> list[Utterance]: ...


class Microphone:
    """Serves the path that *recogniser* invites to; *silence*: seconds without any sound that end a stream."""

    def __init__(self, recogniser: LocalRecogniser, guard: Guard, ids: Ids, silence: float = _SILENCE) -> None:
        self._recogniser, self._guard, self._ids, self._silence = recogniser, guard, ids, silence
        self._open: WeakSet[web.WebSocketResponse[bool]] = WeakSet()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hear one stream of who was invited."""
        try:
            self._guard.check_origin(request)
            user = self._recogniser.invited(request.rel_url.raw_query_string)
        except Refused as refused:
            raise web.HTTPForbidden(text=f"{refused.message}\n") from None
        socket = web.WebSocketResponse(timeout=_CLOSING_SECONDS, compress=False, max_msg_size=_TRANSPORT)
        await socket.prepare(request)
        self._open.add(socket)
        await self._converse(socket, user, self._ids.new())
        return socket

    async def close_all(self, _: web.Application) -> None:
        """Tell everybody that this server is going away."""
        await asyncio.gather(*(socket.close(code=WSCloseCode.GOING_AWAY) for socket in self._open))

    async def _converse(self, socket: web.WebSocketResponse[bool], user: str, stream: str) -> None:
        _log.info("microphone.opened", extra={"stream": stream})
        try:
            async with self._recogniser.hold(user) as hears:
                await self._hear(socket, hears, stream)
        except Failure as failure:
            _log.info("microphone.refused", extra={"stream": stream, "failure": type(failure).__name__})
            await _send(socket, events.exception(failure))
        await socket.close()
        _log.info("microphone.closed", extra={"stream": stream, "code": socket.close_code})

    async def _hear(self, socket: web.WebSocketResponse[bool], hears: Hears, stream: str) -> None:
        pace = Pace()
        async for sound in _sounds(socket, self._silence):
            await pace.keep(len(sound) / BYTES_A_SECOND)
            for utterance in await hears.hear(sound):
                await _send(socket, events.transcript(utterance, stream))
        if socket.closed:
            return
        for utterance in await hears.finish():
            await _send(socket, events.transcript(utterance, stream))


class Pace:
    """Makes one stream wait that is more than twenty seconds ahead of the time in which it could have been said."""

    def __init__(self) -> None:
        self._time = asyncio.get_running_loop().time
        self._began, self._heard = self._time(), 0.0

    async def keep(self, seconds: float) -> None:
        """Wait until *seconds* more may be heard; raise `RateLimited` four hours after the first."""
        self._heard += seconds
        open_for = self._time() - self._began
        if open_for > _LONGEST:
            raise RateLimited("a stream is at most four hours long: open another one")
        if self._heard - _AHEAD > open_for:
            await asyncio.sleep(self._heard - _AHEAD - open_for)


async def _sounds(socket: web.WebSocketResponse[bool], silence: float) -> AsyncIterator[bytes]:
    """Yield what is said, up to the end of the stream; raise `BadFrame` for what is no sound, or comes too late."""
    while True:
        try:
            async with asyncio.timeout(silence):
                message = await socket.receive()
        except TimeoutError:
            raise BadFrame("Your request timed out because no new audio was received for 15 seconds.") from None
        if message.type is WSMsgType.TEXT:
            raise BadFrame("got a text frame, where events are binary")
        if message.type is not WSMsgType.BINARY:
            return
        if len(message.data) > _AT_ONCE:
            raise BadFrame(f"got {len(message.data):,} bytes at once, where {_AT_ONCE:,} are allowed")
        if not (sound := events.sound(message.data)):
            return
        yield sound


async def _send(socket: web.WebSocketResponse[bool], message: bytes) -> None:
    """Send *message*, to nobody if they have left."""
    if not socket.closed:
        with suppress(ConnectionError):
            await socket.send_bytes(message)
