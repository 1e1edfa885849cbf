"""The processes that hear: how many there are, and what of one that dies or is stuck reaches whom."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from runtime.adapters.local.recognition.workers import Workers
from runtime.errors import Busy, Unavailable
from tests.adapters.scripted_hearing import COMMAND, DIES, HANGS

pytestmark = pytest.mark.real
PARENT = f"""
import asyncio
from runtime.adapters.local.recognition.workers import Workers

async def main():
    async with Workers(1, {COMMAND!r}).hold("ana") as worker:
        await worker.hear(b"so")
        print(worker.name, flush=True)
        await asyncio.sleep(3600)

asyncio.run(main())
"""


@asynccontextmanager
async def working(most: int = 2, patience: float = 60.0) -> AsyncIterator[Workers]:
    workers = Workers(most, COMMAND, patience)
    try:
        yield workers
    finally:
        await workers.close()


async def heard(workers: Workers, *sounds: bytes, user: str = "ana") -> str:
    async with workers.hold(user) as worker:
        for sound in sounds:
            await worker.hear(sound)
        (final,) = await worker.finish()
    return " ".join(word.text for word in final.words)


async def until(holds: Callable[[], bool]) -> None:
    """Look again and again until something *holds*."""
    async with asyncio.timeout(60):
        while not holds():  # noqa: ASYNC110 - a process sets no event when it ends.
            await asyncio.sleep(0.01)


def gone(process: int) -> bool:
    """Say whether there is no such process, or only what is left of it until somebody asks how it ended."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{process}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


async def test_a_stream_is_heard() -> None:
    async with working() as workers:
        assert await heard(workers, b"so", b"it is") == "so it is"


async def test_one_process_hears_streams_one_after_the_other_and_forgets_each() -> None:
    async with working() as workers:
        async with workers.hold("ana") as one:
            await one.hear(b"what nobody else may hear")
        async with workers.hold("bob") as two:
            told = await two.hear(b"so")

        assert one is two
        assert [word.text for word in told[0].words] == ["so"]


async def test_streams_at_once_are_heard_by_processes_of_their_own() -> None:
    async with working() as workers, workers.hold("ana") as one, workers.hold("bob") as two:
        await asyncio.gather(one.hear(b"so"), two.hear(b"no"))

        assert one.name != two.name
        assert repr(workers) == "<Workers: 2 busy, 0 free>"


async def test_of_those_that_are_free_one_stays_and_the_others_end() -> None:
    async with working() as workers:
        async with workers.hold("ana") as one, workers.hold("bob") as two:
            await asyncio.gather(one.hear(b"so"), two.hear(b"no"))

        assert repr(workers) == "<Workers: 0 busy, 1 free>"
        assert (one.code, two.code) == (-signal.SIGKILL, None)


async def test_more_streams_than_there_may_be_are_refused_and_those_that_are_heard_go_on() -> None:
    async with working(1) as workers, workers.hold("ana") as worker:
        with pytest.raises(Busy):
            await heard(workers, b"no", user="bob")

        assert await worker.hear(b"so")


async def test_one_user_has_two_streams_at_once_and_others_have_theirs() -> None:
    async with working(9) as workers, workers.hold("ana"), workers.hold("ana"):
        with pytest.raises(Busy):
            await heard(workers, b"no")

        assert await heard(workers, b"so", user="bob") == "so"


async def test_a_process_that_dies_takes_its_stream_with_it_and_the_next_is_heard() -> None:
    async with working() as workers:
        with pytest.raises(Unavailable):
            await heard(workers, b"so", DIES)

        assert await heard(workers, b"so") == "so"


async def test_a_process_that_dies_while_nobody_speaks_is_replaced() -> None:
    async with working() as workers:
        async with workers.hold("ana") as worker:
            await worker.hear(b"so")
        os.kill(worker.name, signal.SIGKILL)
        await until(lambda: not worker.fit)

        assert await heard(workers, b"so") == "so"


async def test_a_process_that_is_stuck_is_ended() -> None:
    async with working(patience=1.0) as workers:
        async with workers.hold("ana") as worker:
            with pytest.raises(Unavailable):
                await worker.hear(HANGS)

        assert worker.code == -signal.SIGKILL


async def test_who_leaves_in_the_middle_of_a_word_is_not_heard_by_the_next() -> None:
    async with working() as workers:
        async with workers.hold("ana") as worker, asyncio.TaskGroup() as tasks:
            left = tasks.create_task(worker.hear(b"what nobody else may hear"))
            await asyncio.sleep(0)
            left.cancel()

        assert await heard(workers, b"so", user="bob") == "so"


async def test_who_is_cancelled_while_a_process_ends_has_seen_it_end() -> None:
    async with working() as workers, workers.hold("ana") as worker:
        ending = asyncio.ensure_future(worker.end())
        await asyncio.sleep(0)

        ending.cancel()

        with pytest.raises(asyncio.CancelledError):
            await ending
        assert worker.code is not None


async def test_one_that_is_started_while_all_are_ended_ends_too() -> None:
    async with working() as workers:
        warming = asyncio.ensure_future(workers.warm())
        await asyncio.sleep(0)

        await workers.close()

        await warming
        assert repr(workers) == "<Workers: 0 busy, 0 free>"


async def test_the_processes_end_with_their_parent_however_that_ends() -> None:
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", PARENT, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout
    worker = int(await parent.stdout.readline())
    parent.kill()
    await parent.wait()

    await until(lambda: gone(worker))
