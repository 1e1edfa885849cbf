"""What the suites start from: turns in the states they can be in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TypeVar

from msgspec.structs import replace

from runtime.conversation import Entry, State, Turn
from tests.adapters.homes import Home

T = TypeVar("T")

TURN = "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c11"


def entry(home: Home, user: str = "ada", turn: str = TURN, **changes: object) -> Entry:
    """Return the row of a turn admitted now; *changes* are to the turn."""
    now = home.clock.now()
    return Entry(Turn(user, turn, "good morning", now, now + 60), connection="first").with_turn(**changes)


async def queued(home: Home, user: str = "ada", turn: str = TURN) -> Entry:
    """Store a turn that waits."""
    row = entry(home, user, turn)
    await home.ledger.open(row)
    return row


async def running(home: Home, user: str = "ada", turn: str = TURN, frames: tuple[bytes, ...] = ()) -> Entry:
    """Store a turn that somebody holds, *frames* written."""
    await queued(home, user, turn)
    held = await again(home, user, turn)
    for frame in frames:
        await home.leases.append(held, frame)
    return replace(held, frames=frames)


async def again(home: Home, user: str = "ada", turn: str = TURN) -> Entry:
    """Take the lease of a turn, from whoever has it."""
    held = await home.leases.claim(user, turn, 1)
    assert held
    return held


async def ended(home: Home, state: State = State.DONE, turn: str = TURN, frames: tuple[bytes, ...] = ()) -> Entry:
    """Store a turn that has ended, and return its row."""
    held = await running(home, turn=turn, frames=frames)
    await home.leases.finish(replace(held, state=state, ended=home.clock.now()))
    return await stored(home, turn=turn)


async def stored(home: Home, user: str = "ada", turn: str = TURN) -> Entry:
    """Return the row as it stands."""
    row = await home.ledger.read(user, turn)
    assert row
    return row


async def first(signals: AsyncIterator[T]) -> T:
    """Return what comes within a second."""
    async with asyncio.timeout(1):
        return await anext(signals)


async def silent(signals: AsyncIterator[object]) -> bool:
    """Say whether nothing comes within ten seconds; *signals* are closed by it."""
    try:
        async with asyncio.timeout(10):
            await anext(signals)
    except TimeoutError:
        return True
    return False
