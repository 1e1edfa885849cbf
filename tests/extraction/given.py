"""What the suites of extraction start from: a memory, and something that was stated."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.conversation import Memory
from runtime.extraction.learning import acquainted, learn
from runtime.extraction.rules import statements
from runtime.ports import Memories
from tests.virtual_time import LoopClock

START = LoopClock().start
DAY = 86_400.0


@contextmanager
def opened() -> Iterator[Memories]:
    """Open an empty memory."""
    with closing(Database(Path(":memory:"))) as database:
        yield SqliteMemories(database, LoopClock())


async def say(memories: Memories, text: str, day: int, user: str = "ada") -> int:
    """Let *user* say *text* on a day, in a turn of its name."""
    at = START + day * DAY
    return await learn(memories, user, f"turn-{day}", at, statements(text, at, await acquainted(memories, user)))


def stated(value: str, turn: str, at: float, attribute: str = "lives in") -> Memory:
    """Return what one turn says of the user."""
    return Memory(
        *(f"{attribute} {value} {turn}", f"{attribute} {value}", "fact", "user", at),
        valid_from=at,
        source=turn,
        subject="user",
        attribute=attribute,
        value=value,
    )
