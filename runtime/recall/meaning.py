"""Memories by their meaning: what is embedded of them and of a question, for any store of vectors and any embedder.

An embedder that fails costs its leg and nothing else: what it left out is found missing, and made up for, next time.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Final

from runtime.errors import Refused, Transient, place
from runtime.ports import Embedder, Vector, Vectors
from runtime.recall.naming import first_person, nameless

_BATCH: Final = 32
_AT_ONCE: Final = 256
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Meaning:
    """An embedder and the vectors that it made."""

    embedder: Embedder
    vectors: Vectors

    async def of(self, user: str, question: str) -> Vector | None:
        """Return what *question* of *user* means; None where the embedder fails."""
        try:
            asked = first_person(question, await self.vectors.speakers(user))
            [numbers] = await self.embedder.embed([asked])
        except (Transient, Refused) as failure:
            _log.warning("recall.unembedded", extra={"failure": place(failure)})
            return None
        return Vector(self.embedder.name, numbers)

    async def learn(self, user: str, limit: int = _AT_ONCE) -> int:
        """Embed at most *limit* memories of *user* that have no vector of this model; return how many there were."""
        learnt = 0
        try:
            speakers = await self.vectors.speakers(user)
            while learnt < limit:
                lacking = await self.vectors.lacking(user, self.embedder.name, min(_BATCH, limit - learnt))
                if not lacking:
                    break
                found = await self.embedder.embed([nameless(memory.text, speakers) for memory in lacking])
                await self.vectors.keep(user, self.embedder.name, list(zip(lacking, found, strict=True)))
                learnt += len(lacking)
        except (Transient, Refused) as failure:
            _log.warning("memory.unembedded", extra={"failure": place(failure)})
        return learnt
