"""Answers turns until told to stop: then each is finished, or given back for another worker to go on with."""

from __future__ import annotations

import asyncio
import gc
import signal
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp

from runtime import logs
from runtime.bootstrap import cloud
from runtime.settings import cloud as told
from runtime.settings import read
from runtime.task.health import keep_fresh
from runtime.task.protection import Protection
from runtime.worker.hands import Hands, working

_DRAIN_SECONDS = 8.0  # Of the ten that a process is given: closing what is open takes some, too.


def run(environ: Mapping[str, str]) -> None:
    """Work until SIGTERM or SIGINT."""
    settings = read(told.Worker, environ)
    logs.begin(settings.log_level)
    asyncio.run(_work(settings, environ))


async def _work(settings: told.Worker, environ: Mapping[str, str]) -> None:
    stop = asyncio.Event()
    logs.watch(asyncio.get_running_loop())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        work = await stack.enter_async_context(cloud.opened("worker", environ, opens=cloud.answers))
        hands = Hands(work.queue, work.handle, settings.hands)
        beside = await stack.enter_async_context(asyncio.TaskGroup())
        if settings.health_file:
            fresh = beside.create_task(keep_fresh(Path(settings.health_file)))
            stack.callback(fresh.cancel)
        if agent := environ.get("ECS_AGENT_URI", ""):
            session = await stack.enter_async_context(aiohttp.ClientSession())
            protected = beside.create_task(Protection(session, agent).keep(lambda: hands.busy > 0))
            stack.callback(protected.cancel)
        await stack.enter_async_context(working([hands], _DRAIN_SECONDS))
        gc.freeze()  # What is alive now stays: the collector need not look at it again.
        await stop.wait()
