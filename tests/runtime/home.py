"""A whole home without sockets: desk, queue and worker on one SQLite file, and every frame that reached a client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec

from runtime import policy
from runtime.adapters.local.clock import RandomIds
from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator
from runtime.adapters.local.stores import Stores, open_stores
from runtime.admission.caller import Caller
from runtime.bootstrap import laptop
from runtime.bootstrap.assembly import Companion
from runtime.errors import Gone
from runtime.identity import Identity
from runtime.ports import Model, Moderator, Synthesiser
from runtime.protocol import server
from runtime.settings.laptop import Settings
from runtime.turn.parts import Parts
from runtime.worker.hands import Hands
from tests.virtual_time import LoopClock

PIECES = ["One ", "day ", "at ", "sea! ", "Two ", "days ", "on ", "land! ", "And ", "so ", "home."]
REPLY = "".join(PIECES)


def turn_id(number: int) -> str:
    """Return the uuid of turn *number*."""
    return str(UUID(int=number, version=4))


ONE, TWO, THREE = turn_id(1), turn_id(2), turn_id(3)


def slow() -> ScriptedModel:
    """Return a model with time between its chunks for something to happen in."""
    return ScriptedModel(PIECES, first=1.0, each=0.5)


def texts(frames: list[server.AnyFrame]) -> str:
    """Return the text that *frames* release."""
    return "".join(frame.delta for frame in frames if isinstance(frame, server.Text))


@dataclass
class Inbox:
    """What reached the clients, by connection, in the order of its arrival; *gone* ones take nothing."""

    posted: list[tuple[str, bytes]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    arrived: asyncio.Event = field(default_factory=asyncio.Event)

    async def post(self, connection: str, frame: bytes) -> None:
        """Take a frame."""
        if connection in self.gone:
            raise Gone("closed")
        self.posted.append((connection, frame))
        self.arrived.set()

    def frames(self, connection: str | None = None, turn: str | None = None) -> list[server.AnyFrame]:
        """Return what arrived on *connection*, of *turn*."""
        decoded = [server.decode(frame) for name, frame in self.posted if connection in (None, name)]
        return [frame for frame in decoded if turn is None or getattr(frame, "turn", None) == turn]


@dataclass
class Home:
    """One process's worth of a home."""

    stores: Stores
    companion: Companion
    inbox: Inbox
    hands: tuple[Hands, ...]
    killed: bool = False

    def kill(self) -> None:
        """Die as by `kill -9`: nothing is written from here on, whatever is still running."""
        self.killed = True
        self.stores.database.connection.close()

    async def say(self, user: str, frame: dict[str, Any], connection: str = "") -> list[server.AnyFrame]:
        """Send a client's *frame* and return the direct answers, which arrive at the client as well."""
        caller = Caller(Identity(user, expires=9e12), connection or user)
        reply = await self.companion.desk.handle(caller, msgspec.json.encode(frame))
        with suppress(Gone):
            for data in reply.frames:
                await self.inbox.post(caller.connection, data)
        return [server.decode(data) for data in reply.frames]

    async def send(self, user: str, turn: str, text: str = "Hello there", **more: Any) -> list[server.AnyFrame]:  # noqa: ANN401
        """Send a turn."""
        return await self.say(user, {"action": "send", "turn": turn, "text": text, **more})

    async def ended(self, user: str, turn: str) -> server.AnyFrame:
        """Wait for the end of *turn* and return it."""
        while True:
            self.inbox.arrived.clear()
            of_user = [data for name, data in self.inbox.posted if name.split()[0] == user]
            for frame in map(server.decode, of_user):
                if isinstance(frame, server.Done | server.Busy | server.Error) and frame.turn == turn:
                    return frame
            await self.inbox.arrived.wait()


@asynccontextmanager
async def home(  # noqa: PLR0913 - each part may be another.
    data: Path,
    model: Model | None = None,
    *,
    moderator: Moderator | None = None,
    synthesiser: Synthesiser | None = None,
    reader: Model | None = None,
    inbox: Inbox | None = None,
    hands: int = 4,
    moved: Callable[[Stores], Stores] = lambda stores: stores,
) -> AsyncIterator[Home]:
    """Open a home on *data*, at work for the length of the block; it recovers what an earlier one left.

    *moved* puts other stores in the place of some of the laptop's.
    """
    clock, ids, inbox = LoopClock(), RandomIds(), inbox or Inbox()
    settings = Settings(data=data, hands=hands)
    stores = open_stores(settings, clock)
    stores.recover()
    stores = moved(stores)
    parts = Parts(
        model or ScriptedModel(PIECES, first=0.1, each=0.05),
        moderator or ScriptedModerator(),
        synthesiser,
        stores.memories,
        stores.recent,
        policy.load(),
    )
    companion = laptop.companion(stores, parts, inbox, clock=clock, ids=ids, reader=reader)
    await companion.rights.erasing.resume()
    async with _at_work(Home(stores, companion, inbox, laptop.hands(stores, companion, hands))) as opened:
        yield opened


@asynccontextmanager
async def _at_work(opened: Home) -> AsyncIterator[Home]:
    working = [asyncio.ensure_future(hand.work()) for hand in opened.hands]
    try:
        yield opened
    finally:
        for work in working:
            work.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        if not opened.killed:
            opened.stores.database.close()
