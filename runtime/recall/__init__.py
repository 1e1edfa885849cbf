"""What of a person's memory fits what they just said: notice, search, rank, pack.

Pure but for the one search of the store, so that every home ranks alike. A store answers with candidates and the raw
score of each leg; the legs that there are decide how well it does, never whether it works.
"""

from __future__ import annotations

import asyncio

from msgspec.structs import replace

from runtime.conversation import Recalled
from runtime.errors import cause_of
from runtime.ports import Cue, Memories
from runtime.recall.asking import cue
from runtime.recall.facts import answering
from runtime.recall.meaning import Meaning
from runtime.recall.packing import pack
from runtime.recall.ranking import Weights, rank

__all__ = ["CANDIDATES", "Meaning", "Weights", "cue", "pack", "rank", "recall"]

CANDIDATES = 16
"""How many of each leg's best are ranked: more of them recall no more."""
_MOST = 20


async def recall(
    memories: Memories,
    user: str,
    text: str,
    at: float,
    *,
    meaning: Meaning | None = None,
    into: list[Recalled] | None = None,
) -> tuple[Recalled, ...]:
    """Return the at most 20 memories that fit *text*, said at *at*, within the budget of a prompt.

    *into* holds the best answer so far, found by words before it is found by *meaning*: a caller that cancels this when
    its time is over goes on with what is there.
    """
    asked, best = cue(text, at), [] if into is None else into
    vector = None
    if meaning is None:
        best[:] = await _best(memories, user, asked)
    else:
        try:
            async with asyncio.TaskGroup() as tasks:
                embedding = tasks.create_task(meaning.of(user, text))
                best[:] = await _best(memories, user, asked)
            vector = embedding.result()
        except BaseExceptionGroup as group:
            raise cause_of(group) from None
    if vector is not None:
        best[:] = await _best(memories, user, replace(asked, vector=vector))
    return tuple(best)


async def _best(memories: Memories, user: str, asked: Cue) -> tuple[Recalled, ...]:
    """Return what fits *asked*: the facts that answer it, what was said, and facts that belong to it."""
    found = await memories.search(user, asked, CANDIDATES)
    facts = [one for one in found if one.memory.kind == "fact"]
    first, later = answering(facts, asked) if facts else ([], [])
    said = rank([one for one in found if one.memory.kind == "said"] if facts else found, asked, limit=_MOST)
    return pack([*first, *said[: _MOST - len(first) - len(later)], *later])
