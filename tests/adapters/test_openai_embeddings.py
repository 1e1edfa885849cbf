"""Embeddings by a real server on the loopback, well-behaved and not."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from runtime.adapters.openai.embeddings import OpenAiEmbeddings
from runtime.errors import NotOffered, Unavailable

Asked = list[dict[str, Any]]


@asynccontextmanager
async def embedding(
    answer: object = None, status: int = 200, key: str | None = None, seconds: float = 8.0
) -> AsyncIterator[tuple[OpenAiEmbeddings, Asked]]:
    """Serve *answer* (None: vectors that tell the texts apart, in reverse) and open an embedder on it."""
    asked: Asked = []

    async def handle(request: web.Request) -> web.Response:
        asked.append(await request.json() | {"key": request.headers.get("Authorization")})
        if answer == "silence":
            await asyncio.Event().wait()
        body = vectors(asked[-1]["input"]) if answer is None else answer
        return web.Response(status=status, text=body if isinstance(body, str) else json.dumps(body))

    app = web.Application()
    app.router.add_post("/v1/embeddings", handle)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with aiohttp.ClientSession() as session:
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1/"
            yield OpenAiEmbeddings(session, url, "tiny", key, seconds=seconds), asked
    finally:
        await runner.cleanup()


def vectors(texts: Sequence[str]) -> dict[str, Any]:
    """Return an answer whose items come in another order than they were asked in."""
    data = [
        {"object": "embedding", "index": at, "embedding": [3.0 * len(text), 4.0 * len(text)]}
        for at, text in enumerate(texts)
    ]
    return {"object": "list", "data": data[::-1], "model": "tiny", "usage": {"prompt_tokens": 1, "total_tokens": 1}}


async def test_each_text_gets_a_vector_of_length_1() -> None:
    async with embedding() as (embedder, _):
        found = await embedder.embed(["a", "bb"])

    assert [list(vector) for vector in found] == [pytest.approx([0.6, 0.8])] * 2


async def test_vectors_come_in_the_order_of_the_texts() -> None:
    answer = {"data": [{"index": 1, "embedding": [0, 1]}, {"index": 0, "embedding": [1, 0]}]}
    async with embedding(answer) as (embedder, _):
        found = await embedder.embed(["a", "b"])

    assert [list(vector) for vector in found] == [[1, 0], [0, 1]]


async def test_many_texts_are_asked_about_in_batches() -> None:
    async with embedding(key="secret") as (embedder, asked):
        found = await embedder.embed([str(number) for number in range(150)])

    assert len(found) == 150
    assert [len(request["input"]) for request in asked] == [64, 64, 22]
    assert {(request["model"], request["key"]) for request in asked} == {("tiny", "Bearer secret")}


async def test_nothing_is_asked_for_nothing() -> None:
    async with embedding() as (embedder, asked):
        assert not await embedder.embed([])

    assert not asked


@pytest.mark.parametrize("answer", ["<html>", "{}", {"data": []}, {"data": [{"index": 0, "embedding": [0, 0]}]}])
async def test_what_is_no_vector_for_each_text_is_refused_with_what_to_check(answer: object) -> None:
    async with embedding(answer) as (embedder, _):
        with pytest.raises(NotOffered, match="check EMBEDDINGS_BASE_URL"):
            await embedder.embed(["a"])


@pytest.mark.parametrize(
    ("status", "failure"), [(500, Unavailable), (429, Unavailable), (401, NotOffered), (404, NotOffered)]
)
async def test_a_refusal_is_told_from_a_passing_failure(status: int, failure: type[Exception]) -> None:
    async with embedding("{}", status) as (embedder, _):
        with pytest.raises(failure):
            await embedder.embed(["a"])


async def test_a_server_that_falls_silent_is_unavailable_after_the_deadline() -> None:
    async with embedding("silence", seconds=3.0) as (embedder, _):
        begun = asyncio.get_running_loop().time()
        with pytest.raises(Unavailable):
            await embedder.embed(["a"])

        assert asyncio.get_running_loop().time() - begun == pytest.approx(3, abs=0.1)


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    async with aiohttp.ClientSession() as session:
        with pytest.raises(Unavailable):
            await OpenAiEmbeddings(session, "http://127.0.0.1:1/v1", "tiny").embed(["a"])
