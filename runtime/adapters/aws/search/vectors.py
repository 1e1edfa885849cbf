"""The vectors of what was said: parts of its documents, and their sums in the documents beside them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from msgspec import structs

from runtime.adapters.aws.search import names
from runtime.adapters.aws.search.cards import READ, card
from runtime.adapters.aws.search.documents import Documents, hits
from runtime.adapters.aws.search.index import Index
from runtime.adapters.aws.search.writing import Change, Writer, repeated
from runtime.conversation import Memory
from runtime.ports import Clock

_SPEAKERS: Final = 1_000


class OpenSearchVectors:
    """Vectors in the documents of what was said."""

    def __init__(self, documents: Documents, writer: Writer, index: Index, clock: Clock) -> None:
        self._documents = documents
        self._writer = writer
        self._index = index
        self._clock = clock

    async def speakers(self, user: str) -> frozenset[str]:
        owner = names.owner(user)
        by_name = {"terms": {"field": "speaker", "size": _SPEAKERS}}
        [answer] = await self._documents.search(
            owner, [{"size": 0, "query": {"term": {"owner": owner}}, "aggs": {"speakers": by_name}}]
        )
        return frozenset(bucket["key"] for bucket in answer["aggregations"]["speakers"]["buckets"])

    async def lacking(self, user: str, model: str, limit: int) -> Sequence[Memory]:
        """Return the newest first: what was said today is asked for sooner."""
        owner = names.owner(user)
        kept: list[dict[str, Any]] = [
            {"term": {"owner": owner}},
            {"terms": {"role": ["said", "past"]}},
            {"range": {"until": {"gt": self._clock.now()}}},
        ]
        [answer] = await self._documents.search(
            owner,
            [
                {
                    "size": limit,
                    "query": {"bool": {"filter": kept, "must_not": [{"term": {"model": model}}]}},
                    "sort": [{"at": "desc"}, {"key": "desc"}],
                    **READ,
                }
            ],
        )
        return [card(hit["fields"]).memory for hit in hits(answer)]

    async def keep(self, user: str, model: str, vectors: Sequence[tuple[Memory, Sequence[float]]]) -> None:
        owner = names.owner(user)
        kept = {names.key(owner, one.id): (one.text, self._index.padded(vector)) for one, vector in vectors}

        async def keep() -> None:
            there = await self._documents.read(owner, list(kept))
            changes = [
                Change(one, structs.replace(one.record, vector=kept[key][1], model=model))
                for key, one in there.items()
                if one.record.memory.text == kept[key][0]
            ]
            await self._writer.change(owner, changes)

        await repeated(keep)
