"""`python -m runtime worker` as ECS runs it: many turns at once, and an end that loses none."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from uuid import UUID

import pytest

from runtime.bootstrap import cloud
from runtime.bootstrap.cloud import Door
from runtime.lambdas import frames
from runtime.protocol import server
from tests.lambdas.client import Page
from tests.lambdas.stack import Ground, Stack, deployed
from tests.parts.wire import Converse, says
from tests.runtime.home import texts

pytestmark = pytest.mark.real
PIECES = ["One day at sea. ", "Two days on land. ", "And so home."]
SECONDS = 60.0


@asynccontextmanager
async def worker(stack: Stack, log: Path, **more: str) -> AsyncIterator[Process]:
    """Run a worker; it is killed at the end of the block if it still runs."""
    environ = {"PATH": os.environ["PATH"], **stack.environ("worker"), **more}
    with log.open("ab") as out:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "runtime", "worker"), env=environ, stdout=out, stderr=out
        )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


@asynccontextmanager
async def letting_in(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Door]:
    """Open what lets turns in, in this process, and make the index."""
    for name, value in stack.environ("turn").items():
        monkeypatch.setenv(name, value)
    async with cloud.opened("index", stack.environ("index"), opens=cloud.index) as ensure:
        await ensure()
    async with cloud.opened("turn", stack.environ("turn"), opens=cloud.admission) as door:
        yield door


async def said(stack: Stack, door: Door, number: int) -> Page:
    """Let user *number* say something."""
    user = f"user-{number}"
    told = {"principalId": user, "user": user, "expires": "4e9", "minor": "", "signed_in": ""}
    page = Page(stack, user, f"{user}=", told)
    page.posted = stack.api.open(page.connection)
    turn = str(UUID(int=number, version=4))
    event = page.said("send", {"action": "send", "turn": turn, "text": "Hello"})
    await door.connections.opened(page.connection, user, f"https://{stack.front.domain}/prod")
    await frames.answer(door, event)
    return page


async def answered(page: Page, kind: type = server.Done) -> None:
    """Wait for a frame of *kind*."""
    async with asyncio.timeout(SECONDS):
        while not any(isinstance(frame, kind) for frame in page.frames):  # noqa: ASYNC110 - the wire tells nobody.
            await asyncio.sleep(0.01)


async def test_many_turns_are_answered_at_once_over_few_connections(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = asyncio.Event()
    model = Converse(says("One day at sea. ", hold, "And so home."))
    async with deployed(ground, model) as stack, letting_in(stack, monkeypatch) as door:
        health = ground.folder / "health"
        pages = [await said(stack, door, number) for number in range(3)]
        async with worker(stack, ground.folder / "log", HANDS="2", HEALTH_FILE=str(health)):
            for page in pages[:2]:
                await answered(page, server.Text)
            asked = len(stack.wire.of("ConverseStream"))
            fresh = health.exists()
            hold.set()
            for page in pages:
                await answered(page)

        assert (asked, fresh) == (2, True)
        assert {texts(page.frames) for page in pages} == {"One day at sea. And so home."}


async def test_a_worker_that_is_told_to_end_finishes_what_it_holds(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = asyncio.Event()
    model = Converse(says("One day at sea. ", hold, "And so home."))
    async with deployed(ground, model) as stack, letting_in(stack, monkeypatch) as door:
        async with worker(stack, ground.folder / "log") as process:
            page = await said(stack, door, 1)
            await answered(page, server.Text)
            process.send_signal(signal.SIGTERM)
            hold.set()

            assert await asyncio.wait_for(process.wait(), SECONDS) == 0

        assert isinstance(page.frames[-1], server.Done)
        assert texts(page.frames) == "One day at sea. And so home."


async def test_what_cannot_be_finished_in_time_is_gone_on_with_by_another_at_once(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Converse(says("One day at sea. ", asyncio.Event(), "Never."), says("And so home."))
    async with deployed(ground, model) as stack, letting_in(stack, monkeypatch) as door:
        async with worker(stack, ground.folder / "log") as process:
            page = await said(stack, door, 1)
            await answered(page, server.Text)
            process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(process.wait(), SECONDS)

        async with worker(stack, ground.folder / "log"), asyncio.timeout(SECONDS):
            await answered(page)

        assert texts(page.frames).startswith("One day at sea. ")
        assert isinstance(page.frames[-1], server.Done)
