"""What the laptop's memory promises beyond its port: rows that last, indexes that are made when they are needed."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path

from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from tests.adapters.remembering import DAY, START, TALK, found, said, scores, talk
from tests.virtual_time import LoopClock


async def test_what_is_remembered_outlives_the_process(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "companion.db")) as database:
        memories = SqliteMemories(database, LoopClock())
        await talk(memories)
        before = await found(memories, "Lisbon cat")

    with closing(Database(tmp_path / "companion.db")) as database:
        assert await found(SqliteMemories(database, LoopClock()), "Lisbon cat") == before


async def test_words_kept_under_older_rules_are_made_anew(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "companion.db")) as database:
        memories = SqliteMemories(database, LoopClock())
        await talk(memories)
        database.connection.execute("UPDATE memories SET words = x'', analysis = 0")

        assert list(await found(memories, "Lisbon")) == ["said-0", "said-1", "said-2"]


async def test_an_index_that_finds_no_room_is_made_again(tmp_path: Path) -> None:
    with closing(Database(tmp_path / "companion.db")) as database:
        memories = SqliteMemories(database, LoopClock(), warm_bytes=1)
        for user in ("ada", "eve"):
            await talk(memories, user)

        for user in ("ada", "eve", "ada"):
            assert list(await found(memories, "Lisbon", user)) == ["said-0", "said-1", "said-2"]


async def test_an_index_that_grows_long_answers_as_one_made_anew() -> None:
    with closing(Database(Path(":memory:"))) as database:
        memories = SqliteMemories(database, LoopClock())
        assert not await found(memories, "Lisbon")
        for number in range(600):
            await memories.remember(
                "ada", said(number, f"{TALK[number % 6]} {number} nine ten eleven", f"{number // 20:02}")
            )

        fresh = SqliteMemories(database, LoopClock())
        for text in ("Lisbon and the cat", "590", "3"):
            assert await found(memories, text)
            assert await scores(memories, text) == await scores(fresh, text)


async def test_sweeping_deletes_what_is_expired() -> None:
    with closing(Database(Path(":memory:"))) as database:
        memories = SqliteMemories(database, LoopClock(), {"said": DAY})
        await talk(memories)

        assert await memories.sweep(START + DAY + 61) == 2
        assert await memories.sweep(START + DAY + 61) == 0
        assert len((await memories.page("ada", "", 10, None)).items) == len(TALK) - 2


async def test_a_long_memory_is_loaded_while_others_get_a_word_in_and_though_nobody_waits() -> None:
    with closing(Database(Path(":memory:"))) as database:
        for number in range(1_200):
            await SqliteMemories(database, LoopClock()).remember("ada", said(number, f"{TALK[0]} {number}", "1"))
        memories = SqliteMemories(database, LoopClock())
        asking = asyncio.ensure_future(found(memories, "1100"))
        await asyncio.sleep(0)
        asking.cancel()
        beats = 0
        while memories._loader.busy:
            await asyncio.sleep(0)
            beats += 1

        assert beats >= 2
        assert memories._warm.get("ada", START)


async def test_what_is_written_while_a_memory_is_loaded_is_found() -> None:
    with closing(Database(Path(":memory:"))) as database:
        memories = SqliteMemories(database, LoopClock())
        await talk(memories)
        memories = SqliteMemories(database, LoopClock())
        asking = asyncio.ensure_future(found(memories, "zebra"))
        await asyncio.sleep(0)
        await memories.remember("ada", said(7, "A zebra"))

        assert "said-7" in await asking
