"""What a connection bears: any bytes, frames of any size, too many turns, and a reader that does not read."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.conversation import Exchange
from runtime.protocol import server
from tests.runtime.talking import Client, Gate, Talking, talking

pytestmark = pytest.mark.real
LIKE_JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists).map(
    lambda value: json.dumps(value).encode()
)
LIKE_FRAMES = st.builds(
    lambda action, fields: json.dumps({"action": action, **fields, "extra": 1}).encode(),
    st.sampled_from(["send", "resume", "history", "ping", "erase", "listen", "nothing"]),
    st.dictionaries(st.sampled_from(["turn", "text", "limit", "after"]), st.text() | st.integers()),
)


async def stalled(home: Talking) -> list[int]:
    """Wait until nobody but the asker is connected; return how many bytes waited for each reader meanwhile."""
    waiting = [0]
    async with home.client("other") as other:
        while "1 open" not in repr(home.app.connections):
            lines = list(home.app.connections._lines.values())
            waiting += [line.transport.get_write_buffer_size() for line in lines if not line.transport.is_closing()]
            await other.ask("ping")
    return waiting


async def answered(client: Client, data: bytes) -> list[server.AnyFrame]:
    """Send *data* and return all that is answered."""
    await client.send(data)
    frames = [await client.ask("ping")]
    while frames[-1] != server.Pong():
        frames.append(await client.next())
    return frames[:-1]


async def test_a_binary_frame_ends_the_connection_as_the_transport_does(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        await client.socket.send_bytes(b'{"action":"ping"}')

        assert await client.closed() == 1003


@pytest.mark.parametrize("size", [32_001, 32_768])
async def test_a_frame_that_is_too_large_is_refused_and_the_connection_stays(tmp_path: Path, size: int) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        (error,) = await answered(client, b'{"action":"ping"}'.ljust(size))

    assert isinstance(error, server.Error)
    assert (error.code, f"{size:,}" in error.message) == ("too_large", True)


async def test_a_frame_of_just_the_size_is_taken(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        await client.send(b'{"action":"ping"}'.ljust(32_000))

        assert await client.next() == server.Pong()


@pytest.mark.parametrize("size", [32_769, 1_000_000])
async def test_a_frame_above_what_the_transport_bears_ends_the_connection(tmp_path: Path, size: int) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        await client.send(b" " * size)

        assert await client.closed() == 1009


@given(frames=st.lists(st.binary(max_size=200) | LIKE_JSON | LIKE_FRAMES, min_size=30, max_size=60))
@settings(max_examples=3, deadline=None)
def test_any_bytes_are_answered_by_one_error_and_the_connection_stays(frames: list[bytes]) -> None:
    async def converse(data: Path) -> None:
        async with talking(data) as home, home.client() as client:
            for frame in frames:
                (error,) = await answered(client, frame)
                assert isinstance(error, server.Error)
                assert error.code == "bad_frame"

    with TemporaryDirectory() as data:
        asyncio.run(converse(Path(data)))


async def test_what_breaks_here_is_told_by_an_id_that_is_in_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        home.app.stores.database.change("DROP TABLE recent")
        error = await client.ask("history")
        pong = await client.ask("ping")

    (trouble,) = [vars(record)["trouble"] for record in caplog.records if record.msg == "action.broken"]
    assert (error.code, error.action, trouble in error.message) == ("internal", "history", True)
    assert "recent" not in error.message
    assert pong == server.Pong()


async def test_an_error_names_the_turn_that_it_is_about(tmp_path: Path) -> None:
    turn = str(uuid4())
    async with talking(tmp_path) as home, home.client() as client:
        error = await client.ask("send", turn=turn, text="")

    assert (error.code, error.action, error.turn) == ("bad_frame", "send", turn)


async def test_twenty_turns_a_minute_are_let_in_and_the_next_is_told_when_to_come(tmp_path: Path) -> None:
    turn = str(uuid4())
    async with talking(tmp_path) as home, home.client() as client, home.client("bob") as bob:
        for _ in range(20):
            await client.turn("Where were you?")
        refused = await client.ask("send", turn=turn, text="And now?")
        await bob.turn("Where were you?")

    assert (refused.code, refused.turn) == ("rate_limited", turn)
    assert 0 < refused.retry_after_ms <= 3_000


async def test_behind_five_waiting_turns_the_next_is_busy_and_may_come_again(tmp_path: Path) -> None:
    gate, turns = Gate(), [str(uuid4()) for _ in range(7)]
    async with talking(tmp_path, gate) as home, home.client() as client, home.client() as again:
        for turn in turns:
            await client.say("send", turn=turn, text="Where were you?")
        busy = await client.until(server.Busy)
        gate.opened.set()
        ends = [await client.until(server.Done) for _ in turns[:6]]
        accepted = await again.ask("send", turn=turns[6], text="Where were you?")

    places = [frame.position for frame in map(server.decode, client.received) if isinstance(frame, server.Accepted)]
    assert places == [0, 1, 2, 3, 4, 5]
    assert (busy.turn, busy.retry_after_ms > 0) == (turns[6], True)
    assert [done.turn for done in ends] == turns[:6]
    assert accepted == server.Accepted(turns[6], 0)


async def test_a_reader_that_does_not_read_is_cut_and_never_more_than_a_little_waits_for_it(tmp_path: Path) -> None:
    async with talking(tmp_path, patience=0.3) as home:
        for number in range(20):
            await home.app.stores.recent.add(
                Exchange("ana", str(number), home.app.clock.now() - number, "x" * 1000, "y" * 400)
            )
        async with home.client("ana") as idle:
            for _ in range(1000):
                await idle.say("history", limit=20)
            waiting = await stalled(home)

    assert 0 < max(waiting) < 200_000


async def test_a_turn_outlives_the_reader_that_was_cut(tmp_path: Path) -> None:
    gate, turn = Gate(), str(uuid4())
    async with talking(tmp_path, gate) as home:
        async with home.client() as client:
            await client.say("send", turn=turn, text="Where were you?")
            await client.until(server.Text)
        gate.opened.set()
        async with home.client() as later:
            await later.say("resume", turn=turn, after=-1)
            done = await later.until(server.Done)

    assert (done.turn, done.stopped) == (turn, False)
