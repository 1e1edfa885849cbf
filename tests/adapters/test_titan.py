"""Titan's embeddings, by the real SDK."""

from __future__ import annotations

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from runtime.adapters.aws.bedrock import TitanEmbeddings
from runtime.errors import Refused, Unavailable
from tests.adapters.on_aws import clients
from tests.parts.wire import Call, Titan, Wire, faults, serving
from tests.parts.wire.faults import Answer
from tests.parts.wire.reply import Reply

pytestmark = pytest.mark.real
MODEL = "amazon.titan-embed-text-v2:0"
ONE_PIECE = [name for name in faults.FAILURES if not name.startswith("one piece")]


@asynccontextmanager
async def embedding(model: str = MODEL, at_once: int = 16) -> AsyncIterator[tuple[TitanEmbeddings, Wire]]:
    """Open an embedder on a service that knows Titan."""
    async with serving(Titan()) as wire, clients(wire) as opened:
        yield TitanEmbeddings(await opened.open("bedrock-runtime"), model, at_once=at_once), wire


async def test_each_text_gets_a_vector_of_length_1_in_its_place() -> None:
    async with embedding() as (embedder, _):
        vectors = await embedder.embed(["my cat", "my dog", "my cat"])

    assert [len(vector) for vector in vectors] == [256, 256, 256]
    assert all(math.hypot(*vector) == pytest.approx(1.0, abs=1e-5) for vector in vectors)
    assert vectors[0] == vectors[2] != vectors[1]


async def test_the_name_says_whose_vectors_these_are_and_of_which_size() -> None:
    async with embedding() as (embedder, _):
        assert embedder.name == "amazon.titan-embed-text-v2:0/256"


async def test_nothing_is_asked_for_nothing_and_little_for_a_long_text() -> None:
    async with embedding() as (embedder, wire):
        assert list(await embedder.embed([])) == []
        await embedder.embed(["word " * 5000, ""])

    assert sorted(len(json.loads(call.body)["inputText"]) for call in wire.calls) == [1, 2000]


async def test_as_many_texts_are_asked_about_at_once_as_the_quota_allows() -> None:
    running, most, three = 0, 0, asyncio.Barrier(3)

    async def counted(_: Call, answer: Answer) -> Reply:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        await three.wait()
        await asyncio.sleep(0.01)  # For a fourth to come, if it may.
        running -= 1
        return await answer()

    async with embedding(at_once=3) as (embedder, wire):
        for _ in range(9):
            wire.fail(counted)
        await embedder.embed([f"text {number}" for number in range(9)])

    assert most == 3


@pytest.mark.parametrize("name", ONE_PIECE)
async def test_one_text_that_fails_fails_all_and_may_be_asked_about_again(name: str) -> None:
    async with embedding() as (embedder, wire):
        wire.fail(faults.FAILURES[name], at=1)
        with pytest.raises(Unavailable):
            await embedder.embed(["one", "two", "three"])

        assert len(await embedder.embed(["one", "two", "three"])) == 3


async def test_a_model_that_may_not_be_asked_or_is_none_is_a_refusal() -> None:
    async with embedding("amazon.titan-embed-text-v9:0") as (embedder, wire):
        with pytest.raises(Refused):
            await embedder.embed(["one"])
        wire.fail(faults.denied)
        with pytest.raises(Refused):
            await embedder.embed(["one"])
