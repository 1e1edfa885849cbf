"""A conversation over a real socket: each action's answer, and what another user or another time makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from runtime.protocol import server
from tests.runtime.talking import REPLY, Client, Clockwork, Gate, talking

pytestmark = pytest.mark.real
NOWHERE = "00000000-0000-4000-8000-00000000dead"


async def begin(client: Client, turn: str, text: str = "Where were you?", **more: object) -> server.Text:
    """Send a turn and wait for the first of its answer."""
    await client.say("send", turn=turn, text=text, **more)
    first: server.Text = await client.until(server.Text)
    return first


async def test_a_turn_is_accepted_answered_in_numbered_frames_and_done(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        turn = await client.turn("Where were you?")

    frames: list[Any] = [server.decode(data) for data in client.received]
    assert (frames[0].turn, frames[0].position) == (turn, 0)
    assert [frame.seq for frame in frames[1:]] == list(range(len(frames) - 1))
    assert "".join(frame.delta for frame in frames if isinstance(frame, server.Text)) == REPLY
    assert {"queue", "moderate_input", "model_first", "first_text", "total"} <= frames[-1].timings.keys()


async def test_voice_where_none_is_to_be_had_is_answered_in_text_with_its_notice(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        await client.turn("Hello", voice=True)

    frames = [json.loads(data) for data in client.received]
    assert "shed_voice" in [frame.get("kind") for frame in frames]
    assert not [frame for frame in frames if frame["type"] in {"audio", "marks"}]


async def test_a_ping_is_answered(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        assert await client.ask("ping") == server.Pong()


async def test_a_language_that_is_not_understood_is_refused_after_full_validation(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client("ana") as client:
        offered = await client.ask("listen", rate=16000, language="de-DE")
        refused = await client.ask("listen", rate=16000, language="german")

    assert (offered.code, offered.action) == ("unavailable", "listen")
    assert "here" in offered.message
    assert (refused.code, refused.action) == ("bad_frame", "listen")


async def test_another_users_turn_is_not_found(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client("ana") as ana, home.client("bob") as bob:
        turn = await ana.turn("Where were you?")
        answers = [await bob.ask("resume", turn=turn, after=-1), await bob.ask("interrupt", turn=turn)]
        nowhere = await bob.ask("resume", turn=NOWHERE, after=-1)
        history = await bob.ask("history")

    assert [answer.code for answer in (*answers, nowhere)] == ["not_found"] * 3
    assert answers[0].message == nowhere.message
    assert history.turns == []


async def test_two_users_may_choose_the_same_id(tmp_path: Path) -> None:
    turn = str(uuid4())
    async with talking(tmp_path) as home, home.client("ana") as ana, home.client("bob") as bob:
        for client, text in ((ana, "One"), (bob, "Two")):
            await client.say("send", turn=turn, text=text)
            await client.until(server.Done)

        assert [(await client.ask("history")).turns[0].text for client in (ana, bob)] == ["One", "Two"]


async def test_the_same_send_again_repeats_the_answer_and_another_text_is_a_conflict(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        turn = await client.turn("Where were you?")
        first, client.received = client.durable(turn), []
        await client.say("send", turn=turn, text="Where were you?")
        await client.until(server.Done)
        conflict = await client.ask("send", turn=turn, text="Who are you?")

    assert client.received[: len(first)] == first
    assert (conflict.code, conflict.turn) == ("conflict", turn)


@pytest.mark.parametrize("after", [-1, 0, 2, 3, 4, 99])
async def test_resume_repeats_what_came_after_byte_for_byte(tmp_path: Path, after: int) -> None:
    async with talking(tmp_path) as home, home.client() as client, home.client() as later:
        turn = await client.turn("Where were you?")
        await later.say("resume", turn=turn, after=after)
        await later.ask("ping")
        while server.decode(later.received[-1]) != server.Pong():
            await later.next()

    assert later.received[:-1] == client.durable(turn)[after + 1 :]


async def test_a_turn_whose_text_is_no_longer_kept_is_answered_all_the_same(tmp_path: Path) -> None:
    clock = Clockwork()
    async with talking(tmp_path, clock=clock) as home, home.client() as client:
        turn = await client.turn("Where were you?")
        clock.later = 86_401.0
        async with home.client() as later:
            resumed = await later.ask("resume", turn=turn, after=-1)
            sent = await later.ask("send", turn=turn, text="Where were you?")

    assert [(error.code, error.turn) for error in (resumed, sent)] == [("not_found", turn)] * 2


async def test_who_comes_back_while_an_answer_streams_gets_the_rest_of_it(tmp_path: Path) -> None:
    gate, turn = Gate(), str(uuid4())
    async with talking(tmp_path, gate) as home:
        async with home.client() as client:
            seen = await begin(client, turn)
        async with home.client() as again:
            await again.say("resume", turn=turn, after=seen.seq)
            await again.ask("ping")
            gate.opened.set()
            await again.until(server.Done)

    frames: list[Any] = [server.decode(data) for data in client.durable(turn) + again.durable(turn)]
    assert [frame.seq for frame in frames] == list(range(len(frames)))
    assert "".join(frame.delta for frame in frames if isinstance(frame, server.Text)) == REPLY


async def test_an_interrupted_answer_is_done_and_what_was_heard_is_what_was_said(tmp_path: Path) -> None:
    turn = str(uuid4())
    async with talking(tmp_path, Gate()) as home, home.client() as client:
        await begin(client, turn)
        await client.say("interrupt", turn=turn, heard_chars=7)
        done = await client.until(server.Done)
        history = await client.ask("history")

    assert done.stopped
    assert history.turns[0].reply == REPLY[:7]


@pytest.mark.parametrize(("heard", "chars"), [({"heard_chars": 7}, 7), ({"heard_chars": 0}, 0), ({}, len(REPLY))])
async def test_an_answer_that_is_done_is_trimmed_to_what_was_heard(
    tmp_path: Path, heard: dict[str, int], chars: int
) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        turn = await client.turn("Where were you?")
        trimmed = await client.ask("interrupt", turn=turn, **heard)
        history = await client.ask("history")

    assert trimmed == server.Trimmed(turn, chars)
    assert history.turns[0].reply == REPLY[:chars]


async def test_an_answer_is_not_trimmed_behind_a_later_turn(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        turn = await client.turn("Where were you?")
        await client.turn("And then?")

        assert (await client.ask("interrupt", turn=turn, heard_chars=7)).code == "conflict"
