"""Reading and writing documents of one owner: whatever is asked for together goes and comes in one round trip."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Literal

from runtime.adapters.aws.search.cards import CARD, LONG
from runtime.adapters.aws.search.connection import refusal, translated
from runtime.adapters.aws.search.records import Record, record

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_CONFLICT: Final = HTTPStatus.CONFLICT
_MISSING: Final = HTTPStatus.NOT_FOUND

Query = Mapping[str, Any]
Answer = Mapping[str, Any]
Refresh = Literal["true", "wait_for", "false"]


@dataclass(frozen=True, slots=True)
class Held:
    """A record as it was read: written over where nobody else has written it since."""

    record: Record
    seq_no: int
    term: int

    @property
    def unchanged(self) -> dict[str, Any]:
        """The condition under which it is written over."""
        return {"if_seq_no": self.seq_no, "if_primary_term": self.term}


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of the index *name*; *refresh* says how a write waits until it is found."""

    client: AsyncOpenSearch
    name: str
    refresh: Refresh

    async def read(self, owner: str, keys: Sequence[str]) -> dict[str, Held]:
        """Return those of *keys* that are there, as they are now: this waits for no refresh."""
        if not keys:
            return {}
        with translated():
            docs = [{"_id": key, "routing": owner} for key in keys]
            found = await self.client.mget(index=self.name, body={"docs": docs})
        for doc in found["docs"]:
            _check(doc)
        return {doc["_id"]: held(doc) for doc in found["docs"] if doc["found"]}

    async def search(self, owner: str, queries: Sequence[Query]) -> list[Answer]:
        """Return the answer of each of *queries*; all are asked at once, of the one shard that has the owner's."""
        header = {"index": self.name, "routing": owner, "allow_partial_search_results": False}
        body = [part for query in queries for part in (header, query)]
        with translated():
            found = await self.client.msearch(body=body)
        for answer in found["responses"]:
            _check(answer)
        if cut := [hit for answer in found["responses"] for hit in hits(answer) if _is_cut(hit)]:
            await self._complete(owner, cut)
            for answer in found["responses"]:
                answer["hits"]["hits"] = [hit for hit in hits(answer) if not _is_cut(hit)]
        return list(found["responses"])

    async def _complete(self, owner: str, cut: Sequence[Mapping[str, Any]]) -> None:
        """Read the cards that are too long for their column, of those that are still there."""
        docs = [{"_id": key(hit), "routing": owner, "_source": [CARD, LONG]} for hit in cut]
        with translated():
            found = await self.client.mget(index=self.name, body={"docs": docs})
        for hit, doc in zip(cut, found["docs"], strict=True):
            _check(doc)
            hit["fields"].update(doc.get("_source", {}))

    async def write(self, owner: str, actions: Sequence[Mapping[str, Any]], *, seen: bool) -> bool:
        """Do *actions* in their order; return False where another write came before one of them.

        *seen*: return when every search sees it.
        """
        if not actions:
            return True
        refresh = self.refresh if seen else "false"
        with translated():
            done = await self.client.bulk(body=list(actions), index=self.name, routing=owner, refresh=refresh)
        items = [(action, item) for of in done["items"] for action, item in of.items()]
        overtaken = [action != "delete" or item["status"] == _CONFLICT for action, item in items if _is_late(item)]
        for _, item in items:
            if not _is_late(item):
                _check(item)
        return not any(overtaken)

    async def refresh_now(self) -> None:
        """Let every search see what was written."""
        with translated():
            await self.client.indices.refresh(index=self.name)


def hits(answer: Answer) -> list[Mapping[str, Any]]:
    """Return what was found."""
    return list(answer["hits"]["hits"])


def key(hit: Mapping[str, Any]) -> str:
    """Return the name of a hit whose card was read."""
    return str(hit["fields"]["key"][0])


def held(doc: Mapping[str, Any]) -> Held:
    """Return a document with what is needed to write over it."""
    return Held(record(doc["_source"]), doc["_seq_no"], doc["_primary_term"])


def _is_cut(hit: Mapping[str, Any]) -> bool:
    return "fields" in hit and not {CARD, LONG} & hit["fields"].keys()


def _is_late(item: Mapping[str, Any]) -> bool:
    """Say whether another write came before this one: there is another document by now, or none."""
    return item["status"] in {_CONFLICT, _MISSING}


def _check(part: Mapping[str, Any]) -> None:
    """Raise what went wrong with one of several things that were asked together."""
    if error := part.get("error"):
        raise refusal(part.get("status"), str(error.get("type", "")) if isinstance(error, Mapping) else "")
