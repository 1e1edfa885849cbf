"""The commands beside the server: what they print, and how they end where they cannot do what they are told."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from runtime.adapters.local.scripted import ScriptedModel
from runtime.errors import NotOffered
from runtime.protocol import server
from tests.runtime.running import command, ended, running, said, started, to_the_end
from tests.runtime.talking import WITHIN, talking

pytestmark = pytest.mark.real
QUESTION = "Hello! What can you do, and how do you remember what I tell you?"


async def test_a_token_can_be_had_by_hand(tmp_path: Path) -> None:
    code, token, _ = await command(tmp_path, "token", "ana@home", "--days", "0.5")
    async with running(tmp_path) as home, home.client(token=token.strip()) as client:
        erased = await client.ask("erase", confirm="ana@home")

    assert code == 0
    assert erased.verified


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("token", "a b"), "got: 3 characters as a user's id"),
        (("token", "ana", "--days", "nan"), "got nan: allowed is more than 0, at most 3650"),
        (("token", "ana", "--days", "abc"), "got abc: allowed is more than 0, at most 3650"),
        (("replay", "--limit", "-1"), "got -1: allowed is 1 to 1000000"),
        (("replay", "--limit", "many"), "got many: allowed is 1 to 1000000"),
    ],
)
async def test_what_a_command_cannot_do_is_told_without_a_traceback(
    tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    code, out, err = await command(tmp_path, *arguments)

    assert (code, out) == (2, "")
    assert "Traceback" not in err
    assert told in err


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Let what is started be interrupted: a run in the background is not, and neither is whoever it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
async def test_an_interrupted_command_ends_without_a_traceback(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "token-key.pem")
    process = await started(tmp_path, "-m", "runtime", "token", "ana")
    writing = await asyncio.to_thread(os.open, tmp_path / "token-key.pem", os.O_WRONLY)  # Returns when it is read.
    process.send_signal(signal.SIGINT)
    os.close(writing)  # Who was interrupted just before reading sees it after.
    code, err = await ended(process)

    assert (code, err) == (130, "")


async def test_a_reader_who_has_enough_ends_a_command_without_a_traceback(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    environ = {**os.environ, "DATA": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "runtime", "export", "ana"), stdout=writing, stderr=asyncio.subprocess.PIPE, env=environ
    )
    os.close(writing)
    _, err = await process.communicate()

    assert (process.returncode, err) == (1, b"")


async def closed(data: Path, *arguments: str, port: int = 0) -> asyncio.subprocess.Process:
    """Run `python -m runtime` with *arguments* and without a standard output."""
    shell = 'exec "$0" -m runtime "$@" >&-'
    environ = {**os.environ, "DATA": str(data), "PORT": str(port)}
    return await asyncio.create_subprocess_exec(
        *("sh", "-c", shell, sys.executable, *arguments), stderr=asyncio.subprocess.PIPE, env=environ
    )


async def knock(port: int) -> None:
    """Return when somebody opens."""
    while True:
        with suppress(ConnectionRefusedError):
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return


@pytest.mark.parametrize("arguments", [("export", "ana"), ("erase", "ana"), ("token", "ana"), ("replay",)])
async def test_a_command_that_nobody_can_read_does_nothing_and_says_so(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    code, err = await ended(await closed(tmp_path / "new", *arguments))

    assert code == 2
    assert err.startswith("got: a closed standard output; why not: ")
    assert err.count("\n") == 1
    assert not (tmp_path / "new").exists()


async def test_a_server_serves_without_a_standard_output(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = await closed(tmp_path, port=port)
    async with asyncio.timeout(WITHIN):
        await knock(port)
    process.terminate()

    assert await ended(process) == (0, "")


async def failed_turn(data: Path) -> str:
    """Leave a turn in *data* that no model would answer."""
    async with talking(data, ScriptedModel([], failure=NotOffered("no model"))) as home, home.client() as client:
        return await client.turn(QUESTION)


async def test_failed_turns_are_replayed_by_the_server_that_runs(tmp_path: Path) -> None:
    turn = await failed_turn(tmp_path)
    async with running(tmp_path) as home, home.client() as client:
        answer = await command(tmp_path, "replay")
        while not isinstance(await client.ask("resume", turn=turn, after=-1), server.Accepted | server.Notice):
            pass
        await client.until(server.Done)

    assert answer == (0, "The running server answers them again.\n", "")


async def test_failed_turns_are_replayed_for_the_server_that_starts_next(tmp_path: Path) -> None:
    turn = await failed_turn(tmp_path)
    answer = await command(tmp_path, "replay")
    async with running(tmp_path) as home, home.client() as client:
        frames = await to_the_end(client, turn)

    assert answer[:2] == (0, "1 turns are queued again: they are answered when the server starts.\n")
    assert said(frames)
