"""What the index is made of, and its making: whoever comes first makes it, and one that is older or foreign is refused.

Words are scored by how rare they are among their owner's own, which the service has no measure for: its BM25 counts a
shard. So a similarity of ours counts how often the user's word stands in the shard, which nobody else's does (`names`),
for a history of typical length. It only chooses which documents are looked at: `scoring` is exact.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct
from opensearchpy import RequestError

from runtime.adapters.aws.search.cards import CARD, LONG
from runtime.adapters.aws.search.connection import translated
from runtime.adapters.aws.search.records import DIGITS
from runtime.errors import Misconfigured
from runtime.recall.words import ANALYSIS

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_VERSION: Final = 1
_HISTORY: Final = 2_000
_LENGTH: Final = 8
_INSTANT: Final = {"type": "double"}
_WORD: Final = {"type": "keyword"}
_EXISTS: Final = "resource_already_exists_exception"
# Longer names are kept, and not found: the service refuses a term above 32,766 bytes.
_NAME: Final = {"type": "keyword", "ignore_above": 8_191}


class Index(Struct, frozen=True):
    """The index *name*, whose vectors of *dimension* numbers *engine* finds: `faiss`, or `lucene` where that is all."""

    name: str
    engine: str = "faiss"
    dimension: int = 256
    shards: int = 5

    async def ensure(self, client: AsyncOpenSearch) -> None:
        """Make the index if there is none; raise `Misconfigured` where there is another one than this release's."""
        with translated():
            try:
                await client.indices.create(index=self.name, body=self.body())
            except RequestError as error:
                if error.error != _EXISTS:
                    raise
            found = await client.indices.get_mapping(index=self.name)
        [mapping] = [of["mappings"] for of in found.values()]
        self._accept(mapping.get("_meta", {}))

    def padded(self, vector: Sequence[float]) -> tuple[float, ...]:
        """Return *vector* in the index's dimension: a shorter one goes on with zeros, which change no product."""
        if len(vector) > self.dimension:
            raise Misconfigured(
                f"got: a vector of {len(vector)} numbers; why not: the index {self.name} keeps {self.dimension}; "
                "instead: take an embedding model of as many, or make another index by SEARCH_INDEX"
            )
        return (*(round(float(number), DIGITS) for number in vector), *[0.0] * (self.dimension - len(vector)))

    def body(self) -> dict[str, Any]:
        """Return the settings and the mapping."""
        return {
            "settings": {
                "index": {
                    "knn": True,
                    "number_of_shards": self.shards,
                    "auto_expand_replicas": "0-1",
                    "refresh_interval": "1s",
                    # Erasure rewrites every segment that has anything deleted in it, however little.
                    "merge.policy.expunge_deletes_allowed": 0,
                    "similarity": {f"around_{reach}": _similarity(reach) for reach in (0, 1, 2)},
                }
            },
            "mappings": {
                "dynamic": "strict",
                "_routing": {"required": True},
                "_meta": self._meta(),
                "properties": self._properties(),
            },
        }

    def _meta(self) -> dict[str, Any]:
        return {
            "made_by": "companion",
            "version": _VERSION,
            "analysis": ANALYSIS,
            "engine": self.engine,
            "dimension": self.dimension,
        }

    def _accept(self, meta: Mapping[str, Any]) -> None:
        found = [(name, meta.get(name), value) for name, value in self._meta().items()]
        other = [f"{name} {value} and not {instead}" for name, value, instead in found if value != instead]
        if other:
            raise Misconfigured(
                f"got: the index {self.name} with {', '.join(other)}; why not: this release reads and writes its own "
                "alone; instead: name an index that is not there yet in SEARCH_INDEX, and copy the memories to it"
            )

    def _properties(self) -> dict[str, Any]:
        return {
            **dict.fromkeys(("owner", "key", "role", "model", "nearby_model"), _WORD),
            **dict.fromkeys(("session", "speaker", "source", "subject", "attribute", "begun"), _NAME),
            "at": _INSTANT,
            "until": _INSTANT,
            "size": {"type": "integer"},
            "words": _words(0),
            "nearby_words": _words(1),
            "around_words": _words(2),
            **dict.fromkeys(("vector", "nearby"), self._vector()),
            CARD: {"type": "binary", "doc_values": True},
            LONG: {"type": "keyword", "index": False, "doc_values": False},
        }

    def _vector(self) -> dict[str, Any]:
        method = {"name": "hnsw", "engine": self.engine, "space_type": "innerproduct"}
        return {"type": "knn_vector", "dimension": self.dimension, "method": method}


def _words(reach: int) -> dict[str, Any]:
    """Return the field of the words of a record and of *reach* on either side; each counts once in it."""
    return {"type": "text", "analyzer": "whitespace", "index_options": "docs", "similarity": f"around_{reach}"}


def _similarity(reach: int) -> dict[str, Any]:
    length = float(_LENGTH * (2 * reach + 1))
    weight = f"return query.boost * Math.log(1.0 + {_HISTORY}.0 / (term.docFreq + 0.5));"
    score = f"return weight * 2.2 / (1.0 + 1.2 * (0.25 + 0.75 * doc.length / {length}));"
    return {"type": "scripted", "weight_script": {"source": weight}, "script": {"source": score}}
