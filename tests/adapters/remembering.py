"""What the suites of memory start from: a conversation, and what is found of it."""

from __future__ import annotations

from runtime.conversation import Said
from runtime.ports import Candidate, Memories
from runtime.recall import cue
from tests.virtual_time import LoopClock

START = LoopClock().start
DAY = 86_400.0
TALK = (
    *("My sister Lena lives in Lisbon", "How lovely, do you visit her?", "Every spring, by train"),
    *("What a journey!", "I also adopted a cat", "What is it called?"),
)


def said(number: int, text: str, session: str = "monday", source: str | None = None) -> Said:
    """Return what was said in a minute of the first hour."""
    return Said(
        f"said-{number}", session, "user" if number % 2 == 0 else "companion", START + 60 * number, text, source
    )


async def talk(memories: Memories, user: str = "ada") -> None:
    """Remember a conversation."""
    for number, text in enumerate(TALK):
        await memories.remember(user, said(number, text))


async def found(memories: Memories, text: str, user: str = "ada") -> dict[str, Candidate]:
    """Search as somebody would ask, and return what was found by its id."""
    candidates = await memories.search(user, cue(text, START + DAY), 10)
    return {candidate.memory.id: candidate for candidate in candidates}


async def scores(memories: Memories, text: str) -> list[tuple[float, ...]]:
    """Return the scores of what is found, the best first."""
    return sorted((tuple(one.scores.values()) for one in (await found(memories, text)).values()), reverse=True)
