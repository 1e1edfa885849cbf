"""A microphone's end of Transcribe's protocol, and a server of it that hears by a script."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
from aiohttp import web
from botocore.eventstream import EventStreamBuffer

from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.adapters.local.recognition.recogniser import PATH, LocalRecogniser
from runtime.adapters.local.recognition.workers import Workers
from runtime.identity.token import Verifier
from runtime.ports import Clock
from runtime.server.guard import Guard
from runtime.server.transcription.microphone import Microphone
from tests.adapters.scripted_hearing import COMMAND
from tests.parts.wire.frames import frame

WITHIN = 60.0
AUDIO = {":message-type": "event", ":event-type": "AudioEvent", ":content-type": "application/octet-stream"}
_KEYS = {"keys": [{"kty": "oct", "k": "c2VjcmV0", "kid": "none"}]}  # Nobody signs in here.


def audio(sound: bytes) -> bytes:
    """Return *sound* as the event that a microphone sends."""
    return frame(AUDIO, sound)


@dataclass
class Told:
    """What came back, read by botocore: headers and payload of each event, and the code of the close."""

    events: list[tuple[dict[str, str], Any]] = field(default_factory=list)
    code: int | None = None

    @property
    def results(self) -> list[dict[str, Any]]:
        """Return the results of all transcripts."""
        payloads = [payload for headers, payload in self.events if headers[":message-type"] == "event"]
        return [result for payload in payloads for result in payload["Transcript"]["Results"]]

    @property
    def words(self) -> str:
        """Return what was said, by its final results."""
        return " ".join(result["Alternatives"][0]["Transcript"] for result in self.results if not result["IsPartial"])

    @property
    def exception(self) -> tuple[str, str]:
        """Return the name and the message of the exception, which came last."""
        headers, payload = self.events[-1]
        assert headers[":message-type"] == "exception"
        return headers[":exception-type"], payload["Message"]


class Ear:
    """A stream that is open."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket, self.told = socket, Told()

    async def next(self) -> Any:  # noqa: ANN401 - whatever the payload is.
        """Return the payload of the next event."""
        async with asyncio.timeout(WITHIN):
            message = await self.socket.receive()
        assert message.type is aiohttp.WSMsgType.BINARY, message
        self._take(message.data)
        return self.told.events[-1][1]

    async def end(self) -> Told:
        """Read up to the close."""
        async with asyncio.timeout(WITHIN):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                self._take(message.data)
        self.told.code = self.socket.close_code
        return self.told

    def _take(self, data: bytes) -> None:
        buffer = EventStreamBuffer()
        buffer.add_data(data)
        event: Any = next(buffer)
        self.told.events.append((event.headers, msgspec.json.decode(event.payload)))


@dataclass
class Stand:
    """A server that listens."""

    address: str
    recogniser: LocalRecogniser
    session: aiohttp.ClientSession
    stop: Callable[[], Awaitable[None]]

    @asynccontextmanager
    async def ear(self, user: str = "ana", query: str = "", **headers: str) -> AsyncIterator[Ear]:
        """Open a stream as *user*, or with an address of one's own."""
        url = f"{PATH}?{query}" if query else (await self.recogniser.invite(user, "en-US")).url
        async with self.session.ws_connect(self.address + url, headers=headers, max_msg_size=0) as socket:
            yield Ear(socket)

    async def stream(self, *messages: bytes) -> Told:
        """Send *messages*, and return all that comes back."""
        async with self.ear() as ear:
            for message in messages:
                await ear.socket.send_bytes(message)
            return await ear.end()


@asynccontextmanager
async def hearing(
    most: int = 2, clock: Clock | None = None, command: Sequence[str] = COMMAND, silence: float = WITHIN
) -> AsyncIterator[Stand]:
    """Serve the protocol at a free port for the length of the block."""
    clock = clock or SystemClock()
    recogniser = LocalRecogniser(Workers(most, command), b"s" * 32, clock, ())
    guard = Guard(Verifier(_KEYS, issuer="", clients=frozenset()), clock, ())
    microphone = Microphone(recogniser, guard, RandomIds(), silence)
    application = web.Application(middlewares=[guard.check])
    application.on_shutdown.append(microphone.close_all)
    application.add_routes([web.get(PATH, microphone.serve)])
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            yield Stand(f"http://127.0.0.1:{runner.addresses[0][1]}", recogniser, session, runner.cleanup)
    finally:
        await runner.cleanup()
        await recogniser.close()
