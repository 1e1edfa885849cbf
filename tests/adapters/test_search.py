"""The cloud's memory on the wire: signed, refused for what it is, and whole again after any call that failed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import pytest
from msgspec.structs import replace
from opensearchpy import RequestError

from runtime.adapters.aws.search import Index, OpenSearchMemories, OpenSearchTraces, open_client
from runtime.errors import Misconfigured, Transient, Unavailable
from runtime.ports import Vector
from runtime.recall import cue
from tests.adapters.memory_homes import INDEX, access, in_memory
from tests.adapters.remembering import DAY, START, TALK, found, said, talk
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import Wire, faults, serving

pytestmark = pytest.mark.real
SECRET = "the badger sings at midnight"
ONE_PIECE = [name for name in faults.FAILURES if not name.startswith("one piece")]


class Noon:
    """A clock that stands still."""

    def now(self) -> float:
        """Return the same instant each time."""
        return START + DAY


@dataclass(frozen=True)
class Wired:
    """A memory whose calls go over a wire that fails on order."""

    wire: Wire
    memories: OpenSearchMemories
    traces: OpenSearchTraces


@asynccontextmanager
async def wired(opensearch: OpenSearch, index: Index = INDEX) -> AsyncIterator[Wired]:
    """Open a memory on an empty index."""
    async with serving(upstreams={"es": opensearch}) as wire, open_client(access(wire.endpoint)) as client:
        await index.ensure(client)
        yield Wired(
            wire, OpenSearchMemories(client, index, Noon(), refresh="true"), OpenSearchTraces(client, index.name)
        )


async def remembers(stores: Wired) -> object:
    await stores.memories.remember("ada", said(6, "Lisbon again", source="a"))
    return sorted(await found(stores.memories, "Lisbon"))


async def searches(stores: Wired) -> object:
    return await stores.memories.search("ada", cue("Lisbon or a cat", START + DAY), 10)


async def keeps(stores: Wired) -> object:
    lacking = await stores.memories.vectors.lacking("ada", "m", 99)
    await stores.memories.vectors.keep("ada", "m", [(memory, (1.0, 0.0, 0.0)) for memory in lacking])
    asked = replace(cue("", START + DAY), vector=Vector("m", (1.0, 0.0, 0.0)))
    return await stores.memories.search("ada", asked, 10)


async def forgets(stores: Wired) -> object:
    await stores.memories.forget("ada", "said-0")
    return sorted(await found(stores.memories, "Lena Lisbon visit"))


async def erases(stores: Wired) -> object:
    await stores.traces.erase("ada")
    return await stores.traces.count("ada")


@pytest.mark.parametrize("fault", ["reset", "lost"])
@pytest.mark.parametrize("work", [remembers, searches, keeps, forgets, erases])
async def test_a_call_that_fails_is_made_up_for_when_it_is_tried_again_wherever_it_stands(
    opensearch: OpenSearch, work: Callable[[Wired], Awaitable[object]], fault: str
) -> None:
    async with wired(opensearch) as stores:
        await talked(stores)
        stores.wire.calls.clear()
        expected, calls = await repeated(stores, work, fault, at=0), len(stores.wire.calls)
        for at in range(1, calls):
            await stores.traces.erase("ada")
            await talked(stores)
            assert await repeated(stores, work, fault, at) == expected


async def talked(stores: Wired) -> None:
    """Remember the beginning of a conversation."""
    for number, text in enumerate(TALK[:3]):
        await stores.memories.remember("ada", said(number, text))


async def repeated(stores: Wired, work: Callable[[Wired], Awaitable[object]], fault: str, at: int) -> object:
    """Do *work* while its call at a position fails, until it is done."""
    stores.wire.fail(faults.FAILURES[fault], at)
    while True:
        with suppress(Transient):
            return await work(stores)


async def test_what_many_write_beside_each_other_at_once_stands_as_if_one_had_written_it(
    opensearch: OpenSearch,
) -> None:
    texts = [f"{word} and tea" for word in ("apple", "bread", "cherry", "donkey", "elk", "fiddle")]
    async with wired(opensearch) as stores, asyncio.TaskGroup() as tasks:
        for number in (3, 0, 5, 1, 4, 2):
            tasks.create_task(stores.memories.remember("ada", said(number, texts[number])))
    async with wired(opensearch) as stores:
        with in_memory() as on_a_laptop:
            laptop = on_a_laptop()
            for number, text in enumerate(texts):
                await laptop.remember("ada", said(number, text))

            for word in ("apple", "donkey", "tea"):
                expected, there = await found(laptop, word), await found(stores.memories, word)
                assert {id: one.scores for id, one in there.items()} == {
                    id: pytest.approx(one.scores, abs=1e-5) for id, one in expected.items()
                }


async def test_a_text_of_any_length_is_found_read_and_made_shorter(opensearch: OpenSearch) -> None:
    long = f"An elk {'x' * 40_000} {'word ' * 8_000}"
    async with wired(opensearch) as stores:
        for number, text in enumerate(("Look there", long, "A big one")):
            await stores.memories.remember("ada", said(number, text))
        [page] = (await stores.memories.page("ada", "elk", 9, None)).items

        assert page == (await found(stores.memories, "elk"))["said-1"].memory
        assert page == await stores.memories.read("ada", "said-1")
        assert page.text == long
        await stores.memories.remember("ada", said(1, "An elk"))
        assert (await found(stores.memories, "elk"))["said-1"].memory.text == "An elk"


@pytest.mark.parametrize("fault", ONE_PIECE)
async def test_what_may_pass_is_worth_another_try(opensearch: OpenSearch, fault: str) -> None:
    async with wired(opensearch) as stores:
        stores.wire.fail(faults.FAILURES[fault])

        with pytest.raises(Unavailable, match="the search"):
            await searches(stores)


async def test_what_this_process_may_not_do_is_said_to_be_its_deployment_s_mistake(opensearch: OpenSearch) -> None:
    async with wired(opensearch) as stores:
        stores.wire.fail(faults.denied)

        with pytest.raises(Misconfigured, match="SEARCH_ENDPOINT"):
            await stores.memories.read("ada", "said-0")


async def test_a_search_is_one_call_over_a_connection_that_stays_open(opensearch: OpenSearch) -> None:
    async with wired(opensearch) as stores:
        await talk(stores.memories)
        stores.wire.calls.clear()
        for _ in range(3):
            await searches(stores)

        assert [call.operation for call in stores.wire.calls] == ["POST /_msearch"] * 3
        assert stores.wire.connections("es") == 1


async def test_nothing_that_was_said_is_logged(opensearch: OpenSearch, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with wired(opensearch) as stores:
        await stores.memories.remember("ada", said(0, SECRET))
        stores.wire.fail(faults.broken)
        with pytest.raises(Unavailable):
            await stores.memories.page("ada", SECRET, 9, None)

    assert "badger" not in caplog.text


async def test_whoever_comes_first_makes_the_index_and_the_others_take_it(opensearch: OpenSearch) -> None:
    async with open_client(access(opensearch)) as client:
        await INDEX.ensure(client)
        await INDEX.ensure(client)

        assert await client.indices.exists(index=INDEX.name)


@pytest.mark.parametrize(
    ("made", "told"),
    [
        (replace(INDEX, dimension=4), "dimension 4 and not 3"),
        (replace(INDEX, engine="faiss"), "engine faiss and not lucene"),
    ],
)
async def test_an_index_of_another_kind_is_refused_with_what_to_do_instead(
    opensearch: OpenSearch, made: Index, told: str
) -> None:
    async with open_client(access(opensearch)) as client:
        body = made.body()
        body["mappings"] = {"_meta": body["mappings"]["_meta"]}
        await client.indices.create(index=INDEX.name, body=body)

        with pytest.raises(Misconfigured, match=rf"{told}.*instead: .* SEARCH_INDEX"):
            await INDEX.ensure(client)


async def test_an_index_that_somebody_else_made_is_refused(opensearch: OpenSearch) -> None:
    async with open_client(access(opensearch)) as client:
        await client.indices.create(index=INDEX.name)

        with pytest.raises(Misconfigured, match="made_by None and not companion"):
            await INDEX.ensure(client)


async def test_a_document_without_a_route_is_refused(opensearch: OpenSearch) -> None:
    async with open_client(access(opensearch)) as client:
        await INDEX.ensure(client)

        with pytest.raises(RequestError, match="routing_missing_exception"):
            await client.index(index=INDEX.name, id="1", body={"owner": "ada"})


async def test_a_vector_of_more_numbers_than_the_index_keeps_is_refused(opensearch: OpenSearch) -> None:
    async with wired(opensearch) as stores:
        await talk(stores.memories)
        [memory] = await stores.memories.vectors.lacking("ada", "m", 1)

        with pytest.raises(Misconfigured, match="got: a vector of 4 numbers"):
            await stores.memories.vectors.keep("ada", "m", [(memory, (0.5, 0.5, 0.5, 0.5))])
