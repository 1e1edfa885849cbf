"""Changing records together with the windows of those beside them.

Documents change one by one. So the windows around a place are written first and the record itself last: whoever is
stopped in between finds it undone, and begins anew. What somebody else has written since it was read is read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from runtime.adapters.aws.search.documents import Documents, Held, held, hits
from runtime.adapters.aws.search.records import Record, document, window
from runtime.adapters.aws.search.windows import REACH, rewoven
from runtime.errors import Unavailable
from runtime.ports import Clock

T = TypeVar("T")

_TRIES: Final = 8


class Overtaken(Exception):
    """Somebody else wrote what was read: read it again."""


@dataclass(frozen=True, slots=True)
class Change:
    """A record as it was (None: there was none) and as it is to be (None: gone)."""

    before: Held | None
    after: Record | None

    @property
    def key(self) -> str:
        """The document's id."""
        one = self.after or (self.before.record if self.before else None)
        return one.card.key if one else ""

    @property
    def places(self) -> list[tuple[str, float, str]]:
        """Where in which session something stood or will stand."""
        both = (self.before.record if self.before else None, self.after)
        return list({(one.memory.session, *one.card.place) for one in both if one is not None and one.role == "said"})


async def repeated(step: Callable[[], Awaitable[T]]) -> T:
    """Return what *step* does, again where it was overtaken; raise `Unavailable` where it is each time."""
    for _ in range(_TRIES):
        try:
            return await step()
        except Overtaken:
            continue
    raise Unavailable("the search's documents were written by others each time")


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes changes of one owner's records."""

    documents: Documents
    clock: Clock

    async def change(self, owner: str, changes: Sequence[Change]) -> None:
        """Write *changes* and every window they reach into; raise `Overtaken` where one was written since.

        Others may have changed something beside it meanwhile, and neither saw the other: so both look again, until what
        they see needs nothing, for what is written then may rest on what was there before the other's.
        """
        places = [place for change in changes for place in change.places]
        after = {change.key: change.after for change in changes}
        own = await repeated(lambda: self._settle(owner, places, after))
        actions = [part for change in changes for part in _written(change, own)]
        if not await self.documents.write(owner, actions, seen=True):
            raise Overtaken
        await repeated(lambda: self._look_again(owner, places))

    async def _look_again(self, owner: str, places: Sequence[tuple[str, float, str]]) -> None:
        if await self._settle(owner, places, {}):
            await self.documents.refresh_now()
            raise Overtaken

    async def _settle(
        self, owner: str, places: Sequence[tuple[str, float, str]], after: Mapping[str, Record | None]
    ) -> Mapping[str, Record]:
        """Write the windows around *places*; return them, with those of *after*, which are not written yet."""
        beside = await self._beside(owner, places, list(after))
        woven: dict[str, Record] = {}
        for session, around in _by_session(places).items():
            stretch = [one.record for one in beside.values() if one.record.memory.session == session]
            stretch += [one for one in after.values() if one and one.role == "said" and one.memory.session == session]
            woven |= rewoven(stretch, around)
        others = [(beside[key], record) for key, record in woven.items() if key not in after]
        actions = [part for before, record in others for part in _rewritten(before, record)]
        if not await self.documents.write(owner, actions, seen=False):
            await self.documents.refresh_now()
            raise Overtaken
        return woven

    async def _beside(
        self, owner: str, places: Sequence[tuple[str, float, str]], without: Sequence[str]
    ) -> dict[str, Held]:
        """Return what stands at *places*, and the nearest four on either side of each, but those that change."""
        kept = [
            {"term": {"owner": owner}},
            {"term": {"role": "said"}},
            {"range": {"until": {"gt": self.clock.now()}}},
        ]
        others = {"filter": kept, "must_not": [{"terms": {"key": list(without)}}]}
        queries = [query for place in places for query in _around(place, others)]
        answers = await self.documents.search(owner, queries) if queries else []
        return {hit["_id"]: held(hit) for answer in answers for hit in hits(answer)}


def _around(place: tuple[str, float, str], others: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Ask for what stands before *place* among *others*, and for what stands there and after it."""
    session, at, key = place
    shared = {
        "query": {"bool": {**others, "filter": [*others["filter"], {"term": {"session": session}}]}},
        "seq_no_primary_term": True,
        "track_total_hits": False,
        "_source": {"excludes": ["begun"]},
    }
    before = {"size": REACH, "sort": [{"at": "desc"}, {"key": "desc"}], "search_after": [at, key]}
    # A name cut short stands right before itself.
    after = {"size": REACH + 1, "sort": [{"at": "asc"}, {"key": "asc"}], "search_after": [at, key[:-1]]}
    return [{**shared, **before}, {**shared, **after}]


def _by_session(places: Iterable[tuple[str, float, str]]) -> dict[str, list[tuple[float, str]]]:
    found: defaultdict[str, list[tuple[float, str]]] = defaultdict(list)
    for session, at, key in places:
        found[session].append((at, key))
    return found


def _rewritten(before: Held, record: Record) -> list[Mapping[str, Any]]:
    return [{"update": {"_id": record.card.key, **before.unchanged}}, {"doc": window(record)}]


def _written(change: Change, own: Mapping[str, Record]) -> list[Mapping[str, Any]]:
    """Return what writes *change* where nobody came before."""
    condition = change.before.unchanged if change.before else {}
    if change.after is None:
        return [{"delete": {"_id": change.key, **condition}}]
    record = own.get(change.key, change.after)
    return [{"index" if condition else "create": {"_id": record.card.key, **condition}}, document(record)]
