"""What is kept about a user, shown to them and dropped on their word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from msgspec import UNSET, UnsetType

from runtime.admission.caller import Caller
from runtime.conversation import Exchange, Memory
from runtime.errors import NotFound
from runtime.ports import Ledger, Memories, Page, Recent
from runtime.protocol import client, server
from runtime.turn.ending import redacted

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Remembered:
    """The user's own view of their memory: `history`, `memories` and `forget`."""

    recent: Recent
    memories: Memories
    ledger: Ledger

    async def history(self, caller: Caller, frame: client.History) -> list[bytes]:
        """Return finished turns, newest first."""
        before = frame.before or None

        async def page(limit: int) -> Page[Exchange]:
            return await self.recent.latest(caller.user, limit, before)

        return [await _fitting(page, frame.limit, _history)]

    async def look(self, caller: Caller, frame: client.Memories) -> list[bytes]:
        """Return what is remembered."""
        query, cursor = frame.query or "", frame.cursor or None

        async def page(limit: int) -> Page[Memory]:
            return await self.memories.page(caller.user, query, limit, cursor)

        return [await _fitting(page, frame.limit, _memories)]

    async def forget(self, caller: Caller, frame: client.Forget) -> list[bytes]:
        """Drop a memory with the turns it comes from: the exchange and the stored reply as well.

        The memory goes last: who is cut off asks again, and a job that would remember the turn finds nothing to read.
        """
        memory = await self.memories.read(caller.user, frame.memory)
        if memory is None:
            raise NotFound("you have no such memory: it may be forgotten already")
        for turn in memory.sources:
            await self.recent.drop(caller.user, turn)
            entry = await self.ledger.read(caller.user, turn)
            if entry is not None:
                await self.ledger.rewrite(redacted(entry))
        await self.memories.forget(caller.user, frame.memory)
        return [server.encode(server.Forgotten(frame.memory))]


def shown(memory: Memory) -> bytes:
    """Return the frame that shows one *memory*."""
    return server.encode(_memories(Page((memory,), None), client.FRAME_BYTES))


async def _fitting(
    page: Callable[[int], Awaitable[Page[T]]], limit: int, framed: Callable[[Page[T], int], server.Frame]
) -> bytes:
    """Return the largest page of at most *limit* that one frame carries; a single thing too large is shortened."""
    most = client.FRAME_BYTES
    while len(data := server.encode(framed(await page(limit), most))) > client.FRAME_BYTES:
        if limit > 1:
            limit = max(1, min(limit - 1, limit * client.FRAME_BYTES // len(data)))
        else:
            most = most * 3 // 4
    return data


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most]}…"


def _history(page: Page[Exchange], most: int) -> server.History:
    turns = [
        server.HistoryTurn(
            turn=exchange.turn,
            at=server.instant(exchange.at),
            text=_shortened(exchange.text, most),
            reply=_shortened(exchange.reply, most),
        )
        for exchange in page.items
    ]
    return server.History(turns=turns, cursor=page.cursor or UNSET)


def _memories(page: Page[Memory], most: int) -> server.Memories:
    return server.Memories(records=[_record(memory, most) for memory in page.items], cursor=page.cursor or UNSET)


def _record(memory: Memory, most: int) -> server.MemoryRecord:
    def instant(at: float | None) -> str | UnsetType:
        return UNSET if at is None else server.instant(at)

    return server.MemoryRecord(
        memory=memory.id,
        text=_shortened(memory.text, most),
        kind=memory.kind,
        speaker=memory.speaker,
        at=server.instant(memory.at),
        from_=instant(memory.valid_from),
        until=instant(memory.valid_until),
        replaces=memory.replaces or UNSET,
        expires=instant(memory.expires),
        source=memory.source or UNSET,
    )
