"""The voice of this machine as processes: ready before they are needed, gone at once, there again."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path

import pytest

from runtime.adapters.local.voice.engines import Engine, chosen
from runtime.adapters.local.voice.synthesiser import EngineSynthesiser, voice
from runtime.adapters.local.voice.worker import Worker
from runtime.conversation import Pcm
from runtime.errors import Misconfigured, Unavailable
from tests import voices
from tests.runtime.running import running

LONG = "And so it went on and on, as far as anybody could see, without an end. " * 40


async def said(synthesiser: EngineSynthesiser) -> int:
    """Return how many bytes of audio a short text is."""
    return sum([len(item.data) async for item in synthesiser.speak("Hello there.") if isinstance(item, Pcm)])


async def _rest(items: AsyncIterator[object]) -> None:
    async for _ in items:
        pass


def engines() -> dict[int, int]:
    """Return the process of each engine on this machine that has not ended, with its parent."""
    asked = ["ps", "-A", "-ww", "-o", "pid=,ppid=,stat=,args="]
    listed = subprocess.run(asked, check=True, capture_output=True, text=True).stdout
    rows = (line.split(None, 3) for line in listed.splitlines())
    return {int(row[0]): int(row[1]) for row in rows if "voice.engine" in row[-1] and row[2][0] != "Z"}


def processes(parent: int) -> list[int]:
    """Return the engines that *parent* has started and that have not ended."""
    return [process for process, its_parent in engines().items() if its_parent == parent]


async def until(reached: Callable[[], object]) -> None:
    """Wait until a state is *reached*."""
    async with asyncio.timeout(60):
        while not reached():  # noqa: ASYNC110 - other processes set no event of ours.
            await asyncio.sleep(0.05)


@pytest.mark.real
async def test_a_text_that_is_left_ends_its_process_at_once() -> None:
    worker = await Worker.start(voices.required("flite"))

    async with aclosing(worker.speak(LONG)) as items:
        await anext(items)
        worker.kill()

        await asyncio.wait_for(worker.ended(), 30)
    assert not worker.alive


@pytest.mark.real
async def test_a_process_that_dies_in_a_text_makes_it_unavailable() -> None:
    worker = await Worker.start(voices.required("flite"))

    async with aclosing(worker.speak(LONG)) as items:
        await anext(items)
        worker.kill()
        await worker.ended()

        with pytest.raises(Unavailable):
            await _rest(items)


@pytest.mark.real
async def test_who_is_cancelled_while_a_process_ends_has_seen_it_end() -> None:
    worker = await Worker.start(voices.required("flite"))
    ending = asyncio.ensure_future(worker.end())
    await asyncio.sleep(0)

    ending.cancel()

    with pytest.raises(asyncio.CancelledError):
        await ending
    assert not worker.alive


@pytest.mark.real
async def test_there_are_no_more_processes_than_two_and_none_outlives_the_block() -> None:
    async with voice(voices.required("flite")) as synthesiser:
        await asyncio.gather(*(said(synthesiser) for _ in range(6)))
        at_work = processes(os.getpid())

    assert len(at_work) in {1, 2}
    assert processes(os.getpid()) == []


@pytest.mark.real
async def test_no_engine_outlives_a_server_that_was_killed(tmp_path: Path) -> None:
    voices.required("flite")
    async with running(tmp_path, VOICE="flite") as home:
        await until(lambda: processes(home.process.pid))
        started = processes(home.process.pid)

        await home.kill()

    await until(lambda: not engines().keys() & set(started))


@pytest.mark.real
async def test_an_engine_that_does_not_start_is_unavailable_at_once() -> None:
    async with voice(Engine("flite", "none", ("libnone.so", "none"))) as synthesiser:
        with pytest.raises(Unavailable):
            await asyncio.wait_for(said(synthesiser), 60)


@pytest.mark.real
async def test_what_fails_beside_a_voice_comes_out_as_it_is() -> None:
    with pytest.raises(Misconfigured):
        async with voice(voices.required("flite")):
            raise Misconfigured("the port is taken")


@pytest.mark.parametrize("wanted", ["flight", "flite:none", "flite:../x", "espeak-ng:A;B", ":slt"])
def test_a_voice_that_is_not_there_is_refused_with_the_way_to_get_one(wanted: str) -> None:
    with pytest.raises(Misconfigured, match=f"VOICE={wanted}.*apt-get install flite"):
        chosen(wanted)


def test_a_voice_can_be_switched_off() -> None:
    assert chosen("off") is None
