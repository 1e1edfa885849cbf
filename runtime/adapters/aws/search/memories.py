"""Long-term memory as documents of one index: each port's method one round trip, but for what changes several.

What was written is found once it is refreshed, and whoever writes waits for that: up to the index's second with
`wait_for`, which shares refreshes among everybody and is what the background does; at once with `true`, which costs a
refresh, and later a merge, for each write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from msgspec import structs
from msgspec.structs import replace

from runtime.adapters import cursors
from runtime.adapters.aws.search import names
from runtime.adapters.aws.search.candidates import found
from runtime.adapters.aws.search.cards import READ, card
from runtime.adapters.aws.search.documents import Documents, Held, Refresh, held, hits
from runtime.adapters.aws.search.index import Index
from runtime.adapters.aws.search.questions import Question
from runtime.adapters.aws.search.records import made
from runtime.adapters.aws.search.vectors import OpenSearchVectors
from runtime.adapters.aws.search.writing import Change, Writer, repeated
from runtime.conversation import Memory, Said
from runtime.extraction.timeline import without
from runtime.ports import Candidate, Clock, Cue, Page
from runtime.recall.words import stems

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_AT_ONCE: Final = 1_000


class OpenSearchMemories:
    """Memories in *index*; *keep* is how many seconds each kind is kept, for ever where it says nothing."""

    def __init__(
        self,
        client: AsyncOpenSearch,
        index: Index,
        clock: Clock,
        keep: Mapping[str, float] = MappingProxyType({}),
        refresh: Refresh = "wait_for",
    ) -> None:
        self._index = index
        self._documents = Documents(client, index.name, refresh)
        self._writer = Writer(self._documents, clock)
        self._clock = clock
        self._keep = keep
        self.vectors = OpenSearchVectors(self._documents, self._writer, index, clock)

    async def remember(self, user: str, said: Said) -> None:
        owner = names.owner(user)
        await repeated(lambda: self._remember(owner, said))

    async def _remember(self, owner: str, said: Said) -> None:
        known = await self._known(owner, said.id)
        if known and (known.record.memory.corrected is not None or _is_same(known.record.memory, said)):
            return
        memory = known.record.memory if known else Memory(said.id, said.text, "said", said.speaker, said.at)
        new = structs.replace(
            memory,
            text=said.text,
            speaker=said.speaker,
            at=said.at,
            session=said.session,
            source=said.source,
            expires=None,
        )
        await self._put(owner, known, self._lasting(new))

    async def write(self, user: str, memory: Memory) -> None:
        owner = names.owner(user)

        async def put() -> None:
            await self._put(owner, await self._known(owner, memory.id), self._lasting(memory))

        await repeated(put)

    def _lasting(self, memory: Memory) -> Memory:
        """Return *memory* with its own end, or that of its kind."""
        seconds = self._keep.get(memory.kind)
        if seconds is None or memory.expires is not None:
            return memory
        return structs.replace(memory, expires=memory.at + seconds)

    async def _put(self, owner: str, known: Held | None, memory: Memory) -> None:
        """Write *memory*; its vector stays for as long as its text does."""
        new = made(owner, memory)
        if known and known.record.memory.text == memory.text and memory.kind == "said":
            new = structs.replace(new, vector=known.record.vector, model=known.record.model)
        await self._writer.change(owner, [Change(known, new)])

    async def _known(self, owner: str, memory: str) -> Held | None:
        key = names.key(owner, memory)
        return (await self._documents.read(owner, [key])).get(key)

    async def facts(self, user: str, subject: str = "", attribute: str = "") -> Sequence[Memory]:
        wanted = {"subject": subject, "attribute": attribute}
        named = [{"term": {field: value}} for field, value in wanted.items() if value]
        return [card(one["fields"]).memory for one in await self._all(names.owner(user), "fact", named)]

    async def _all(self, owner: str, role: str, also: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        """Return the living records of one role, the oldest first; a thousand at a time."""
        kept = [{"term": {"role": role}}, *also, *self._living(owner)]
        every: list[Mapping[str, Any]] = []
        query: dict[str, Any] = {
            "size": _AT_ONCE,
            "query": {"bool": {"filter": kept}},
            "sort": [{"at": "asc"}, {"key": "asc"}],
            **READ,
        }
        while True:
            [answer] = await self._documents.search(owner, [query])
            part = hits(answer)
            every += part
            if len(part) < _AT_ONCE:
                return every
            query["search_after"] = part[-1]["sort"]

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        owner = names.owner(user)
        vector = self._index.padded(cue.vector.numbers) if cue.vector else None
        tokens = names.tokens(owner, stems(cue.words))
        question = Question(owner, self._clock.now(), cue, tokens, vector, limit)
        answers = await self._answers(question)
        if cue.only and not hits(answers["newest"]):
            question = Question(owner, question.now, replace(cue, only=None), tokens, vector, limit)
            answers = await self._answers(question)
        return found(question, answers)

    async def _answers(self, question: Question) -> dict[str, Mapping[str, Any]]:
        queries = question.queries()
        if not queries:
            return {}
        return dict(zip(queries, await self._documents.search(question.owner, list(queries.values())), strict=True))

    async def read(self, user: str, memory: str) -> Memory | None:
        one = await self._living_one(names.owner(user), memory)
        return one.record.memory if one else None

    async def _living_one(self, owner: str, memory: str) -> Held | None:
        known = await self._known(owner, memory)
        return known if known and known.record.card.until > self._clock.now() else None

    def _living(self, owner: str) -> list[dict[str, Any]]:
        return [{"term": {"owner": owner}}, {"range": {"until": {"gt": self._clock.now()}}}]

    async def page(self, user: str, query: str, limit: int, cursor: str | None) -> Page[Memory]:
        """Return a page; *query* finds words by their beginnings, as they are typed, those with most of them first."""
        owner = names.owner(user)
        begun = names.asked(owner, query)
        if query.strip() and not begun:
            return Page((), None)
        of = "\n".join(["memories", owner, *begun])
        place = None if cursor is None else list(cursors.opened(of, cursor))
        [answer] = await self._documents.search(owner, [self._listed(owner, begun, limit + 1, place)])
        shown = hits(answer)
        items = tuple(card(hit["fields"]).memory for hit in shown[:limit])
        return Page(items, cursors.sealed(of, *shown[limit - 1]["sort"]) if len(shown) > limit else None)

    def _listed(self, owner: str, begun: Sequence[str], limit: int, place: list[Any] | None) -> dict[str, Any]:
        should = [{"constant_score": {"filter": {"prefix": {"begun": beginning}}}} for beginning in begun]
        words = {"should": should, "minimum_should_match": 1} if begun else {}
        return {
            "size": limit,
            "query": {"bool": {"filter": self._living(owner), **words}},
            "sort": ["_score", {"at": "desc"}, {"key": "desc"}],
            **READ,
            **({"search_after": place} if place else {}),
        }

    async def forget(self, user: str, memory: str) -> Memory | None:
        """Drop a memory with everything that was said in its turns; what is left has no word of it in its window."""
        owner = names.owner(user)
        return await repeated(lambda: self._forget(owner, user, memory))

    async def _forget(self, owner: str, user: str, memory: str) -> Memory | None:
        forgotten = await self._living_one(owner, memory)
        if forgotten is None:
            return None
        sources = forgotten.record.memory.sources
        changed, gone = without(await self.facts(user), sources)
        keys = {fact: names.key(owner, fact) for fact in (*(one.id for one in changed), *gone)}
        facts = await self._documents.read(owner, list(keys.values()))
        rewritten = [Change(facts.get(keys[one.id]), made(owner, self._lasting(one))) for one in changed]
        drops = [*await self._said_in(owner, sources), *(facts[keys[one]] for one in gone if keys[one] in facts)]
        others = {one.record.card.key: one for one in drops if one.record.card.key != forgotten.record.card.key}
        await self._writer.change(owner, [*rewritten, *(Change(one, None) for one in (*others.values(), forgotten))])
        return forgotten.record.memory

    async def _said_in(self, owner: str, sources: Sequence[str]) -> list[Held]:
        """Return everything that was said in the turns *sources*, put right since or not."""
        if not sources:
            return []
        kept = [
            {"term": {"owner": owner}},
            {"terms": {"role": ["said", "past"]}},
            {"terms": {"source": list(sources)}},
        ]
        query = {"size": _AT_ONCE, "query": {"bool": {"filter": kept}}, "seq_no_primary_term": True}
        [answer] = await self._documents.search(owner, [query])
        return [held(hit) for hit in hits(answer)]


def _is_same(memory: Memory, said: Said) -> bool:
    known = (memory.session, memory.at, memory.speaker, memory.text)
    return known == (said.session, said.at, said.speaker, said.text)
