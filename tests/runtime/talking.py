"""A home that listens on a real socket, and a small client that speaks the protocol to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import aiohttp
import msgspec

from runtime import policy
from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.adapters.local.keys import TokenKey
from runtime.adapters.local.moderator import LexiconModerator
from runtime.adapters.local.scripted import ScriptedModel
from runtime.adapters.local.stores import open_stores
from runtime.bootstrap.laptop import App, assemble
from runtime.conversation import Prompt, Usage
from runtime.ports import Clock, Model
from runtime.protocol import server
from runtime.server import edge
from runtime.server.process import working
from runtime.settings.laptop import Settings
from runtime.turn.parts import Parts

_LAST = {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSING, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
PIECES = ("One day at sea. ", "Two days on land. ", "And so home.")
REPLY = "".join(PIECES)
WITHIN = 60.0  # Seconds, after which a test that waits has failed.


@dataclass
class Gate:
    """A model that says one piece, and the rest when it is let."""

    pieces: tuple[str, ...] = PIECES
    opened: asyncio.Event = field(default_factory=asyncio.Event)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Say the pieces."""
        yield self.pieces[0]
        await self.opened.wait()
        for piece in self.pieces[1:]:
            yield piece


@dataclass
class Clockwork:
    """A clock that shows what it is told to, in seconds from now on."""

    later: float = 0.0

    def now(self) -> float:
        """Return Unix seconds."""
        return SystemClock().now() + self.later


@dataclass
class Client:
    """One end of a connection, which waits *within* seconds for each frame."""

    socket: aiohttp.ClientWebSocketResponse
    within: float = WITHIN
    received: list[bytes] = field(default_factory=list)

    async def say(self, action: str, **fields: object) -> None:
        """Send a frame."""
        await self.send(msgspec.json.encode({"action": action, **fields}))

    async def send(self, data: bytes) -> None:
        """Send any bytes as a text frame."""
        await self.socket.send_frame(data, aiohttp.WSMsgType.TEXT)

    async def next(self) -> server.AnyFrame:
        """Return the next frame."""
        async with asyncio.timeout(self.within):
            message = await self.socket.receive()
        assert message.type is aiohttp.WSMsgType.TEXT, message
        self.received.append(message.data.encode())
        return server.decode(self.received[-1])

    async def ask(self, action: str, **fields: object) -> Any:  # noqa: ANN401 - whichever frame answers.
        """Send a frame and return the next one that comes."""
        await self.say(action, **fields)
        return await self.next()

    async def until(self, kind: type[server.Frame]) -> Any:  # noqa: ANN401 - of that kind.
        """Read on to the first frame of *kind* and return it."""
        while not isinstance(frame := await self.next(), kind):
            pass
        return frame

    async def turn(self, text: str, **more: object) -> str:
        """Have one turn, to its end; return its id."""
        turn = str(uuid4())
        await self.say("send", turn=turn, text=text, **more)
        while not _ends(await self.next(), turn):
            pass
        return turn

    async def closed(self) -> int | None:
        """Read to the end of the connection; return the code that it was closed with."""
        async with asyncio.timeout(self.within):
            while (await self.socket.receive()).type not in _LAST:
                pass
        return self.socket.close_code

    def durable(self, turn: str) -> list[bytes]:
        """Return the numbered frames of *turn*, as they came."""
        frames = ((data, server.decode(data)) for data in self.received)
        return [data for data, frame in frames if isinstance(frame, server.Durable) and frame.turn == turn]


@dataclass
class Talking:
    """The home, its address, and who connects to it."""

    app: App
    address: str
    session: aiohttp.ClientSession

    def token(self, user: str = "ana", seconds: float = 3600.0, **more: bool) -> str:
        """Return a token that this home takes."""
        return self.app.key.token(user, self.app.clock.now(), seconds, **more)

    @asynccontextmanager
    async def client(self, user: str = "ana", token: str | None = None, **options: Any) -> AsyncIterator[Client]:  # noqa: ANN401
        """Connect as *user*."""
        protocols = ("companion.v1", f"bearer.{token or self.token(user)}")
        options = {"protocols": protocols, "max_msg_size": 0, **options}
        async with self.session.ws_connect(f"{self.address}ws", **options) as socket:
            yield Client(socket)


@asynccontextmanager
async def talking(
    data: Path,
    model: Model | None = None,
    *,
    clock: Clock | None = None,
    patience: float = 10.0,
    **settings: Any,  # noqa: ANN401
) -> AsyncIterator[Talking]:
    """Open a home on *data* at a free port, at work for the length of the block."""
    told = Settings(**{"port": 0, "data": data, "hands": 10, **settings})
    if not (data / "token-key.pem").exists():
        (data / "token-key.pem").write_bytes(_key())
    clock, ids = clock or SystemClock(), RandomIds()
    stores = open_stores(told, clock)
    stores.recover()
    model = model or ScriptedModel(PIECES)
    parts = Parts(model, _moderator(), None, stores.memories, stores.recent, policy.load())
    app = assemble(told, stores, parts, clock=clock, ids=ids, patience=patience)
    async with edge.listening(app) as address, working(app), _session() as session:
        yield Talking(app, address, session)
        await app.connections.close_all()
    await app.recogniser.close()
    stores.database.close()


@cache
def _moderator() -> LexiconModerator:
    """Compile the policy once for all homes."""
    return LexiconModerator(policy.load())


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))


@cache
def _key() -> bytes:
    """Make one key for all homes: it takes a while."""
    with TemporaryDirectory() as folder:
        TokenKey(Path(folder))
        return (Path(folder) / "token-key.pem").read_bytes()


def _ends(frame: server.AnyFrame, turn: str) -> bool:
    return isinstance(frame, server.Done | server.Busy | server.Error) and frame.turn == turn
