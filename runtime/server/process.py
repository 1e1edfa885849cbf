"""The laptop's process: edge and worker in one, which takes over from the last one and stops without losing a word."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from runtime import bootstrap, logs
from runtime.adapters.local.lock import owned
from runtime.bootstrap.laptop import App
from runtime.errors import place
from runtime.server import edge, folder
from runtime.server.strangers import quieten
from runtime.settings.laptop import Settings
from runtime.worker import hands

_log = logging.getLogger(__name__)
_DRAIN_SECONDS = 8.0  # Of the ten that a process is given: closing sockets and stores takes some, too.
_SWEEP_SECONDS = 30.0


def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT."""
    logs.begin(settings.log_level, quieten)
    os.umask(0o077)  # A data folder that others may enter holds nothing that they may read.
    folder.make(settings.data)
    with owned(settings.data):
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    stop = asyncio.Event()
    logs.watch(asyncio.get_running_loop())
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with AsyncExitStack() as stack:
        app = await stack.enter_async_context(bootstrap.local(settings))
        app.stores.recover()
        # Left in reverse: what is being said is finished while its listeners are still there.
        address = await stack.enter_async_context(edge.listening(app))
        stack.push_async_callback(app.connections.close_all)
        await stack.enter_async_context(working(app))
        gc.freeze()  # What is alive now stays: the collector need not look at it again.
        sys.stdout.write(f"Companion is ready at {address}\n{edge.advice(settings)}")
        sys.stdout.flush()
        await stop.wait()


@asynccontextmanager
async def working(app: App) -> AsyncIterator[None]:
    """Keep the hands at work; at the end each finishes what it holds, or gives it back after eight seconds."""
    await app.companion.rights.erasing.resume()
    async with asyncio.TaskGroup() as tasks:
        sweeping = tasks.create_task(_sweep(app))
        try:
            async with hands.working(app.hands(), _DRAIN_SECONDS):
                yield
        finally:
            sweeping.cancel()


async def _sweep(app: App) -> None:
    while True:
        try:
            await app.stores.sweep(app.clock.now())
        except Exception as error:  # noqa: BLE001 - an outermost loop: what could not be swept is swept next time.
            _log.error("sweep.failed", extra={"failure": place(error)})
        await asyncio.sleep(_SWEEP_SECONDS)
