"""From the client's frame to exactly one end: admission, queue, worker and ledger together, in virtual time."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator
from runtime.conversation import Passage, State, Verdict
from runtime.errors import Refused, Unavailable
from runtime.jobs import RememberJob
from runtime.protocol import server
from tests.runtime.home import ONE, PIECES, REPLY, TWO, Inbox, home, slow, texts, turn_id


async def test_a_turn_is_accepted_answered_and_remembered(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        (accepted,) = await here.send("ana", ONE, "My sister Maya moved to Oslo.")
        await here.ended("ana", ONE)
        await asyncio.sleep(1)
        found = await here.say("ana", {"action": "memories", "query": "oslo"})

    assert accepted == server.Accepted(ONE, 0)
    assert texts(here.inbox.frames(turn=ONE)) == REPLY
    assert isinstance(found[0], server.Memories)
    assert found[0].records[0].source == ONE


async def test_turns_of_one_user_are_answered_in_order_and_of_two_users_at_once(tmp_path: Path) -> None:
    async with home(tmp_path, slow()) as here:
        await here.send("ana", ONE)
        await here.send("ana", TWO)
        await here.send("ben", ONE)
        await here.ended("ana", TWO)

    ends = [
        (name, frame.turn) for name, data in here.inbox.posted if isinstance(frame := server.decode(data), server.Done)
    ]
    assert ends == [("ana", ONE), ("ben", ONE), ("ana", TWO)]


async def test_accepted_says_how_many_turns_come_before(tmp_path: Path) -> None:
    async with home(tmp_path, slow()) as here:
        answers = [(await here.send("ana", turn_id(n)))[0] for n in range(1, 8)]

    assert [frame.position for frame in answers if isinstance(frame, server.Accepted)] == [0, 1, 2, 3, 4, 5]
    assert answers[6] == server.Busy(turn_id(7), 2_000)


async def test_a_repeated_send_is_one_turn(tmp_path: Path) -> None:
    model = slow()
    async with home(tmp_path, model) as here:
        await here.send("ana", ONE)
        await here.send("ana", ONE)
        await here.ended("ana", ONE)
        again = await here.send("ana", ONE)

    assert len(model.prompts) == 1
    assert texts(again) == REPLY
    assert isinstance(again[-1], server.Done)


async def test_one_id_with_another_text_is_a_conflict(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.send("ana", ONE, "Hello")
        (refused,) = await here.send("ana", ONE, "Goodbye")

    assert isinstance(refused, server.Error)
    assert (refused.code, refused.turn) == ("conflict", ONE)


async def test_another_users_turn_is_not_found(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.send("ana", ONE)
        (refused,) = await here.say("ben", {"action": "resume", "turn": ONE, "after": -1})

    assert isinstance(refused, server.Error)
    assert refused.code == "not_found"


async def test_a_private_turn_leaves_no_word_behind(tmp_path: Path) -> None:
    async with home(tmp_path) as here:
        await here.send("ana", ONE, "My secret is zanzibar", private=True)
        await here.ended("ana", ONE)
        await asyncio.sleep(1)
        entry = await here.stores.ledger.read("ana", ONE)
        (history,) = await here.say("ana", {"action": "history"})

    assert entry is not None
    assert entry.turn.text == ""
    assert b"sea" not in b"".join(entry.frames)
    assert history == server.History(turns=[])


async def test_a_moderator_that_fails_ends_the_turn_as_an_error(tmp_path: Path) -> None:
    def down(_: Passage) -> Verdict:
        raise Unavailable("down")

    async with home(tmp_path, moderator=ScriptedModerator(down)) as here:
        await here.send("ana", ONE)
        end = await here.ended("ana", ONE)

    assert isinstance(end, server.Error)
    assert end.code == "unavailable"
    assert texts(here.inbox.frames(turn=ONE)) == ""


async def test_a_model_that_fails_before_a_word_is_tried_three_times(tmp_path: Path) -> None:
    model = ScriptedModel(PIECES, failure=Unavailable("down"))
    async with home(tmp_path, model) as here:
        await here.send("bea", ONE)
        end = await here.ended("bea", ONE)

    assert len(model.prompts) == 3
    assert isinstance(end, server.Error)
    assert end.message == "the answer could not be made just now (down): say it again in a moment"


async def test_a_model_that_fails_after_a_word_leaves_a_cut_answer(tmp_path: Path) -> None:
    model = ScriptedModel(PIECES, each=0.1, failure=Unavailable("down"), fails_after=9)
    async with home(tmp_path, model) as here:
        await here.send("ana", ONE)
        end = await here.ended("ana", ONE)

    assert [frame.kind for frame in here.inbox.frames(turn=ONE) if isinstance(frame, server.Notice)][-1] == "cut"
    assert isinstance(end, server.Done)
    assert end.stopped


async def test_a_refusing_model_says_why_at_once(tmp_path: Path) -> None:
    model = ScriptedModel(PIECES, failure=Refused("the key is wrong: set OPENAI_API_KEY"))
    async with home(tmp_path, model) as here:
        await here.send("ana", ONE)
        await here.ended("ana", ONE)
        await here.send("ana", TWO)
        end = await here.ended("ana", TWO)

    assert isinstance(end, server.Error)
    assert (end.code, end.message) == ("unavailable", "the key is wrong: set OPENAI_API_KEY")


async def test_a_turn_too_old_is_shed_and_the_same_send_is_a_new_attempt(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(PIECES, first=7.0, each=2.0), hands=1) as here:
        await here.send("ben", ONE)
        await here.send("ana", ONE)
        shed = await here.ended("ana", ONE)
        here.inbox.posted.clear()
        (accepted,) = await here.send("ana", ONE)
        end = await here.ended("ana", ONE)

    assert shed == server.Busy(ONE, 2_000)
    assert accepted == server.Accepted(ONE, 0)
    assert isinstance(end, server.Done)


async def test_what_nobody_foresaw_ends_the_turn_with_an_id(tmp_path: Path) -> None:
    def broken(passage: Passage) -> Verdict:
        raise ZeroDivisionError(passage.text)

    async with home(tmp_path, moderator=ScriptedModerator(broken)) as here:
        await here.send("ana", ONE, "Hello zanzibar")
        end = await here.ended("ana", ONE)

    assert isinstance(end, server.Error)
    assert end.code == "internal"
    assert "zanzibar" not in end.message


async def test_a_failed_turn_is_replayed_as_a_new_attempt(tmp_path: Path) -> None:
    async with home(tmp_path, ScriptedModel(PIECES, failure=Refused("no model"))) as here:
        await here.send("ana", ONE)
        await here.ended("ana", ONE)
        await here.send("ana", TWO)
        await here.ended("ana", TWO)
    async with home(tmp_path, inbox=Inbox()) as here:
        count = await here.companion.background.replay(10)
        end = await here.ended("ana", TWO)
        entry = await here.stores.ledger.read("ana", TWO)

    assert count == 2
    assert isinstance(end, server.Done)
    assert entry is not None
    assert (entry.turn.attempt, entry.state) == (2, State.DONE)


async def test_a_killed_workers_answer_is_continued_by_the_next_and_ends_once(tmp_path: Path) -> None:
    inbox = Inbox()
    async with home(tmp_path, slow(), inbox=inbox) as here:
        await here.send("ana", ONE)
        await asyncio.sleep(3.2)
        here.kill()
    async with home(tmp_path, slow(), inbox=inbox) as here:
        await here.ended("ana", ONE)
        entry = await here.stores.ledger.read("ana", ONE)

    frames = inbox.frames("ana", ONE)
    assert texts(frames) == REPLY
    assert [frame.seq for frame in frames if isinstance(frame, server.Durable)] == [0, 1, 2, 3, 4]
    assert entry is not None
    assert entry.frames == tuple(data for name, data in inbox.posted if isinstance(server.decode(data), server.Durable))


async def test_a_turn_whose_workers_all_die_is_given_up_and_said_so(tmp_path: Path) -> None:
    inbox = Inbox()
    for _ in range(3):
        async with home(tmp_path, slow(), inbox=inbox) as here:
            await here.send("ana", ONE)
            await asyncio.sleep(0.5)
            here.kill()
    async with home(tmp_path, inbox=inbox) as here:
        end = await here.ended("ana", ONE)

    assert isinstance(end, server.Error)
    assert end.code == "internal"
    assert "several times" in end.message


async def test_a_background_job_that_comes_to_nothing_is_said_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with home(tmp_path) as here:
        await here.stores.dead_background.send(RememberJob("ana", ONE, 1.0, 3, 0).message())
        await asyncio.sleep(1)

    assert [record.message for record in caplog.records] == ["background.dead"]
    assert caplog.records[0].__dict__["job"] == "RememberJob"
