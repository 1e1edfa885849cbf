"""What of a person's memory fits what they just said: notice, search, rank, pack.

Pure but for the one search of the store, so that every home ranks alike. A store answers with candidates and the raw
score of each leg; the legs that there are decide how well it does, never whether it works.
"""

from __future__ import annotations

from runtime.conversation import Recalled
from runtime.ports import Memories
from runtime.recall.asking import cue
from runtime.recall.packing import pack
from runtime.recall.ranking import Weights, rank

__all__ = ["Weights", "cue", "pack", "rank", "recall"]

_CANDIDATES = 24


async def recall(
    memories: Memories,
    user: str,
    text: str,
    at: float,
    *,
    limit: int = 20,
    into: list[Recalled] | None = None,
) -> tuple[Recalled, ...]:
    """Return the at most *limit* memories that fit *text*, said at *at*, within the budget of a prompt.

    *into* holds the best answer so far: a caller that cancels this when its time is over goes on with what is there.
    """
    asked = cue(text, at)
    packed = pack(rank(await memories.search(user, asked, _CANDIDATES), asked, limit=limit))
    if into is not None:
        into[:] = packed
    return packed
