"""What reaches a turn from outside: interruptions, heard or not, and clients that come back."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.protocol import server
from tests.runtime.home import ONE, REPLY, TWO, home, slow, texts


async def test_resume_moves_a_running_turn_to_the_new_connection(tmp_path: Path) -> None:
    async with home(tmp_path, slow()) as here:
        await here.send("ana", ONE)
        await asyncio.sleep(3.2)  # The first chunk and the disclosure are out.
        here.inbox.gone.add("ana")
        await here.say("ana", {"action": "resume", "turn": ONE, "after": 0}, connection="ana again")
        await here.ended("ana", ONE)

    durable = [frame.seq for frame in here.inbox.frames("ana again") if isinstance(frame, server.Durable)]
    assert durable == [1, 2, 3, 4]


async def test_resume_repeats_the_durable_frames_byte_for_byte(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.send("ana", ONE)
        await here.ended("ana", ONE)
        sent = [data for name, data in here.inbox.posted if isinstance(server.decode(data), server.Durable)]
        await here.say("ana", {"action": "resume", "turn": ONE, "after": -1}, connection="later")

    assert [data for name, data in here.inbox.posted if name == "later"] == sent


async def test_an_interrupted_turn_is_done_and_remembers_what_was_heard(tmp_path: Path) -> None:
    async with home(tmp_path, slow()) as here:
        await here.send("ana", ONE)
        await asyncio.sleep(3.2)
        assert await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 7}) == []
        end = await here.ended("ana", ONE)
        (history,) = await here.say("ana", {"action": "history"})

    assert isinstance(end, server.Done)
    assert end.stopped
    assert isinstance(history, server.History)
    assert history.turns[0].reply == "One day"


async def test_nothing_heard_is_nothing_said(tmp_path: Path) -> None:
    async with home(tmp_path, slow()) as here:
        await here.send("ana", ONE)
        await asyncio.sleep(3.2)
        await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 0})
        await here.ended("ana", ONE)
        (history,) = await here.say("ana", {"action": "history"})

    assert isinstance(history, server.History)
    assert history.turns[0].reply == ""


async def test_a_waiting_turn_that_is_interrupted_costs_no_model(tmp_path: Path) -> None:
    model = slow()
    async with home(tmp_path, model) as here:
        await here.send("ana", ONE)
        await here.send("ana", TWO)
        await here.say("ana", {"action": "interrupt", "turn": TWO})
        end = await here.ended("ana", TWO)

    assert isinstance(end, server.Done)
    assert end.stopped
    assert len(model.prompts) == 1


async def test_a_late_interrupt_trims_what_is_remembered_and_not_what_was_sent(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.send("ana", ONE)
        await here.ended("ana", ONE)
        await asyncio.sleep(1)
        (trimmed,) = await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 7})
        await asyncio.sleep(1)
        (kept,) = await here.say("ana", {"action": "memories", "query": "home"})
        resumed = await here.say("ana", {"action": "resume", "turn": ONE, "after": -1})

    assert trimmed == server.Trimmed(ONE, 7)
    assert isinstance(kept, server.Memories)
    assert kept.records == []
    assert texts(resumed) == REPLY


@pytest.mark.parametrize("later", [601.0, 0.0])
async def test_an_answer_is_not_trimmed_for_ever_nor_behind_a_later_turn(tmp_path: Path, later: float) -> None:
    async with home(tmp_path) as here:
        await here.send("ana", ONE)
        await here.ended("ana", ONE)
        await asyncio.sleep(later)
        if not later:
            await here.send("ana", TWO)
        (refused,) = await here.say("ana", {"action": "interrupt", "turn": ONE, "heard_chars": 7})

    assert isinstance(refused, server.Error)
    assert refused.code == "conflict"
