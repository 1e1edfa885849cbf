"""What is kept of a conversation and shown again over a real socket, and of what nothing is."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import uuid4

import pytest

from runtime.adapters.local.scripted import ScriptedModel
from runtime.conversation import Exchange
from runtime.protocol import server
from tests.runtime.talking import REPLY, Clockwork, Talking, talking

pytestmark = pytest.mark.real


async def remembered(home: Talking) -> None:
    """Wait until nothing is left to be done in the background."""
    while await home.app.stores.background.depth() or "0 held" not in repr(home.app.stores.background):
        async with home.client("nobody") as client:
            await client.ask("ping")


async def test_another_users_memory_is_not_found(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client("ana") as ana, home.client("bob") as bob:
        await ana.turn("My cat is called Minka.")
        await remembered(home)
        (mine, *_) = (await ana.ask("memories", query="Minka")).records

        assert (await bob.ask("memories")).records == []
        assert (await bob.ask("forget", memory=mine.memory)).code == "not_found"
        assert await ana.ask("forget", memory=mine.memory) == server.Forgotten(mine.memory)
        assert (await ana.ask("forget", memory=mine.memory)).code == "not_found"


async def test_history_is_newest_first_and_goes_on_at_its_cursor(tmp_path: Path) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        for text in ("One", "Two", "Three"):
            await client.turn(text)
        first = await client.ask("history", limit=2)
        rest = await client.ask("history", limit=2, before=first.cursor)
        strange = await client.ask("history", before="x" + first.cursor)

    assert [turn.text for turn in first.turns + rest.turns] == ["Three", "Two", "One"]
    assert "cursor" not in json.loads(server.encode(rest))
    assert strange.code == "bad_frame"


@pytest.mark.parametrize("letter", ["x", "\U0001f984", "\x01"])
async def test_fifty_of_the_longest_turns_are_paged_in_frames_of_the_protocols_size(
    tmp_path: Path, letter: str
) -> None:
    async with talking(tmp_path) as home, home.client() as client:
        for number in range(50):
            await home.app.stores.recent.add(
                Exchange("ana", str(uuid4()), home.app.clock.now() - number, letter * 4000, letter * 4600)
            )
        pages = [await client.ask("history", limit=50)]
        while pages[-1].cursor:
            pages.append(await client.ask("history", limit=50, before=pages[-1].cursor))

    assert max(map(len, client.received)) <= 32_000
    assert len({turn.turn for page in pages for turn in page.turns}) == 50
    assert all(turn.text and turn.reply for page in pages for turn in page.turns)


async def test_a_conversation_is_remembered_after_a_restart(tmp_path: Path) -> None:
    model = ScriptedModel([REPLY])
    async with talking(tmp_path) as home, home.client() as client:
        await client.turn("My cat is called Minka.")
        await remembered(home)
    async with talking(tmp_path, model, clock=Clockwork(later=86_400.0)) as home, home.client() as client:
        history = await client.ask("history")
        await client.turn("What is my cat called?")

    assert [turn.text for turn in history.turns] == ["My cat is called Minka."]
    assert "My cat is called Minka." in [recalled.memory.text for recalled in model.prompts[0].recalled]


def kept(data: Path) -> dict[str, bytes]:
    """Return the bytes of every file under *data*."""
    return {path.name: path.read_bytes() for path in data.rglob("*") if path.is_file()}


@pytest.mark.parametrize("text", ["I love Ottilie Quarx", "my card is 4111 1111 1111 1111, says Quarx"])
async def test_of_a_private_turn_no_byte_is_left_when_it_is_done(tmp_path: Path, text: str) -> None:
    model = ScriptedModel(["Quarx is a fine ", "name. I will ", "not tell."])
    async with talking(tmp_path, model) as home, home.client() as client:
        turn = await client.turn(text, private=True)
        files = kept(tmp_path)
        await remembered(home)
        history = await client.ask("history")

    assert [name for name, data in files.items() if b"Quarx" in data or b"4111" in data] == []
    assert any(turn.encode() in data for data in files.values())
    assert history.turns == []


async def test_of_what_is_forgotten_no_byte_is_left(tmp_path: Path) -> None:
    async with talking(tmp_path, ScriptedModel(["Quarx is a fine name."])) as home, home.client() as client:
        await client.turn("My cat is called Quarx.")
        await remembered(home)
        (record, *_) = (await client.ask("memories", query="Quarx")).records
        await client.ask("forget", memory=record.memory)
        files = kept(tmp_path)

    assert [name for name, data in files.items() if b"Quarx" in data or b"quarx" in data] == []
