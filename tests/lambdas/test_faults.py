"""Every call of a turn fails once, in every way it can: the user gets an answer or an error, and all of it once.

From the frame to the end of its turn a run makes some fifty calls, over which the faults walk. A client that is told
nothing, or that something is away, sends its frame again, as the page does.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID

import pytest

from runtime.bootstrap import cloud
from runtime.bootstrap.cloud import Door, Work
from runtime.lambdas import frames
from runtime.lambdas.calling import endpoint
from runtime.protocol import server
from runtime.worker.hands import Hands, working
from tests.lambdas.client import Page
from tests.lambdas.stack import Ground, Stack, deployed
from tests.parts.wire import Converse, says
from tests.parts.wire.faults import FAILURES, Fault
from tests.runtime.home import texts

pytestmark = pytest.mark.real
PIECES = ["One day at sea. ", "Two days on land. ", "And so home."]
SECONDS = 60.0
# Nothing done, done and nobody knows, half an answer: at every call. The others at the first call of each operation.
EVERYWHERE = ("throttled", "lost", "half an answer, as if whole")
ENDS = (server.Done, server.Busy, server.Error)


class Inbox(list[bytes]):
    """What was posted to a connection, and word of it."""

    def __init__(self) -> None:
        super().__init__()
        self.news = asyncio.Event()

    def append(self, frame: bytes) -> None:
        super().append(frame)
        self.news.set()


@dataclass
class Running:
    """A stack at work, whose users each say one thing."""

    stack: Stack
    door: Door
    users: int = 0
    inbox: Inbox = field(default_factory=Inbox)

    async def said(self, fault: Fault | None = None, at: int = 0) -> list[server.AnyFrame]:
        """Let a new user say something while the call *at* fails; return the frames, each once, to the turn's end."""
        self.users += 1
        turn, user = str(UUID(int=self.users, version=4)), f"user-{self.users}"
        page = await self._page(user)
        if fault is not None:
            self.stack.wire.fail(fault, at)
        async with asyncio.timeout(SECONDS):
            await self._accepted(page, turn)
            while not any(isinstance(frame, ENDS) for frame in _once(self.inbox)):
                self.inbox.news.clear()
                await self.inbox.news.wait()
        return _once(self.inbox)

    async def _page(self, user: str) -> Page:
        told = {"principalId": user, "user": user, "expires": "4e9", "minor": "", "signed_in": ""}
        self.inbox = Inbox()
        self.stack.api.posted[f"{user}="] = self.inbox
        page = Page(self.stack, user, f"{user}=", told)
        await self.door.connections.opened(page.connection, user, endpoint(page.said("send", "")))
        return page

    async def _accepted(self, page: Page, turn: str) -> None:
        """Send until the turn is let in, or found; what was stored of its end is told each time."""
        for _ in range(3):
            if not all(isinstance(frame, server.Error) for frame in _once(self.inbox)):
                return
            self.inbox.clear()
            await frames.answer(self.door, page.said("send", {"action": "send", "turn": turn, "text": "Hello"}))


@asynccontextmanager
async def running(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Running]:
    """Open the roles of a turn in this process, at work."""
    async with deployed(ground, Converse(says(*PIECES))) as stack:
        for name, value in stack.environ("worker").items():
            monkeypatch.setenv(name, value)
        async with (
            cloud.opened("index", stack.environ("index"), opens=cloud.index) as ensure,
            cloud.opened("turn", stack.environ("turn"), opens=cloud.admission) as door,
            cloud.opened("worker", stack.environ("worker"), opens=cloud.answers) as work,
        ):
            await ensure()
            async with working([_hands(work)], patience=1.0):
                yield Running(stack, door)


def _hands(work: Work) -> Hands:
    return Hands(work.queue, work.handle, 4)


def _once(posted: list[bytes]) -> list[server.AnyFrame]:
    """Return each frame once, as a client keeps them: durable ones by their number."""
    decoded = [server.decode(frame) for frame in dict.fromkeys(posted)]
    return sorted(decoded, key=lambda frame: getattr(frame, "seq", -1))


@pytest.mark.parametrize("fails", FAILURES)
async def test_whichever_call_fails_the_turn_ends_once_and_nothing_is_doubled(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    async with running(ground, monkeypatch) as home:
        await home.said()
        before = len(home.stack.wire.calls)
        await home.said()
        asked = [call.operation for call in home.stack.wire.calls[before:]]

        for position in range(len(asked)) if fails in EVERYWHERE else sorted(map(asked.index, set(asked))):
            got = await home.said(FAILURES[fails], position)

            numbered = [frame.seq for frame in got if isinstance(frame, server.Durable)]
            assert numbered == list(range(len(numbered))), position
            assert "".join(PIECES).startswith(texts(got)), position
            assert sum(isinstance(frame, ENDS) for frame in got) == 1, position
