"""Sockets that several write to: who no longer waits for a reader disturbs nobody else who does."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.errors import Gone
from tests.runtime.talking import Talking, talking

pytestmark = pytest.mark.real
LARGE = b"x" * 32_000


def only(home: Talking) -> str:
    """Return the name of the only connection."""
    (name,) = home.app.connections._lines
    return name


async def filled(home: Talking) -> asyncio.Task[None]:
    """Post until one post waits for the reader, and return it."""
    while True:
        post = asyncio.ensure_future(home.app.connections.post(only(home), LARGE))
        for _ in range(20):
            await asyncio.sleep(0)
        if not post.done():
            return post


async def test_a_post_that_is_cancelled_cancels_no_other(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        await client.ask("ping")
        waiting = await filled(home)
        others = [asyncio.ensure_future(home.app.connections.post(only(home), LARGE)) for _ in range(6)]
        await asyncio.sleep(0)

        waiting.cancel()
        await asyncio.wait([waiting])
        others += [asyncio.ensure_future(home.app.connections.post(only(home), LARGE)) for _ in range(6)]
        await asyncio.sleep(0)
        while not all(other.done() for other in others):
            assert (await client.socket.receive()).data == LARGE.decode()

    assert waiting.cancelled()
    assert [other.exception() for other in others] == [None] * 12


async def test_who_waits_for_a_reader_that_is_cut_is_told_so(tmp_path: Path) -> None:
    async with talking(tmp_path, patience=0.2) as home, home.client() as client:
        await client.ask("ping")
        waiting = await filled(home)
        others = [asyncio.ensure_future(home.app.connections.post(only(home), LARGE)) for _ in range(6)]

        ends = await asyncio.gather(waiting, *others, return_exceptions=True)

    assert [type(end) for end in ends] == [Gone] * 7


async def test_a_connection_that_is_closed_takes_nothing(tmp_path: Path) -> None:
    async with talking(tmp_path) as home:
        async with home.client() as client:
            await client.ask("ping")
            name = only(home)
        async with home.client("bob") as other:
            while name in home.app.connections._lines:
                await other.ask("ping")

        for gone in (name, "", "never"):
            with pytest.raises(Gone):
                await home.app.connections.post(gone, b"{}")
