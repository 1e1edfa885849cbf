"""Erasure on the bytes of a node: nothing of who was erased is in its files, and everybody else is still there."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from runtime.adapters.aws.search import OpenSearchMedium, OpenSearchMemories, OpenSearchTraces, names, open_client
from runtime.adapters.aws.search.domain import Domain
from runtime.adapters.local.clock import SystemClock
from runtime.conversation import Memory, Said
from tests.adapters.memory_homes import INDEX, access
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import serving

pytestmark = pytest.mark.real
# Nothing like a word: files are packed, and of what has parts in common with other texts no whole is left in them.
CANARIES = {"ada": "qzx7vkw93jfh", "eve": "w8kqj2xvz5np"}


async def fill(memories: OpenSearchMemories, user: str) -> None:
    """Remember things of *user*, put one right, embed them, and forget one."""
    for number in range(6):
        text = f"{CANARIES[user]} said number {number}"
        await memories.remember(user, Said(f"said-{number}", "monday", "user", 1_790_000_000.0 + number, text))
    await memories.remember(user, Said("said-1", "monday", "user", 1_790_000_001.0, f"{CANARIES[user]} put right"))
    await memories.write(user, Memory("fact", f"My {CANARIES[user]}.", "fact", "user", 1_790_000_000.0, source="a"))
    lacking = await memories.vectors.lacking(user, "m", 99)
    await memories.vectors.keep(user, "m", [(memory, (0.48, 0.6, 0.64)) for memory in lacking])
    await memories.forget(user, "said-5")


def files_with(folder: Path, canary: str) -> list[str]:
    """Return the files in *folder* that have the bytes of *canary*."""
    return [path.name for path in folder.rglob("*") if path.is_file() and canary.encode() in path.read_bytes()]


async def test_no_byte_of_an_erased_user_is_left_and_another_s_are_all_there(opensearch: OpenSearch) -> None:
    async with serving(upstreams={"es": opensearch}) as wire, open_client(access(wire.endpoint)) as client:
        await INDEX.ensure(client)
        memories = OpenSearchMemories(client, INDEX, SystemClock(), refresh="true")
        traces, medium = OpenSearchTraces(client, INDEX.name), OpenSearchMedium(client, INDEX.name)
        await asyncio.gather(*(fill(memories, user) for user in CANARIES))
        assert files_with(opensearch.data, CANARIES["ada"])
        assert await traces.count("ada") == await traces.count("eve") == 6

        await traces.erase("ada")
        await medium.scrub()

        assert await traces.count("ada") == 0
        assert not files_with(opensearch.data, CANARIES["ada"])
        assert not files_with(opensearch.data, names.owner("ada"))
        assert files_with(opensearch.data, CANARIES["eve"])
        assert len((await memories.page("eve", CANARIES["eve"], 10, None)).items) == await traces.count("eve") == 6


async def test_more_than_is_deleted_at_once_is_deleted_and_nobody_else_s(opensearch: OpenSearch) -> None:
    async with open_client(access(opensearch)) as client:
        await INDEX.ensure(client)
        for user in CANARIES:
            owner = names.owner(user)
            made = [part for n in range(1_203) for part in ({"create": {"_id": f"{user}{n}"}}, {"owner": owner})]
            await client.bulk(body=made, index=INDEX.name, routing=owner)
        traces = OpenSearchTraces(client, INDEX.name)

        await traces.erase("ada")

        assert (await traces.count("ada"), await traces.count("eve")) == (0, 1_203)


async def test_what_has_expired_is_deleted_and_what_lasts_is_not(opensearch: OpenSearch) -> None:
    async with open_client(access(opensearch)) as client:
        domain, start = Domain(client, INDEX), 1_790_000_000.0
        await domain.ensure()
        memories = OpenSearchMemories(client, INDEX, SystemClock(), {"said": 60.0}, refresh="true")
        for number in range(3):
            await memories.remember("ada", Said(f"{number}", "monday", "user", start + 60 * number, "elk"))
        await memories.write("ada", Memory("fact", "I like elk.", "fact", "user", start))

        await domain.sweep(start + 120)

        assert await OpenSearchTraces(client, INDEX.name).count("ada") == 2
