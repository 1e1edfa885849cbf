"""OpenSearch: it finds near vectors of one user, by words as well, and leaves no byte of what was expunged."""

from typing import Any

import pytest
from opensearchpy import AsyncOpenSearch

from tests.parts.opensearch import OpenSearch

pytestmark = pytest.mark.real

_LUCENE = {"name": "hnsw", "engine": "lucene", "space_type": "innerproduct"}
_VECTOR = {"type": "knn_vector", "dimension": 2, "method": _LUCENE}
_INDEX = {
    "settings": {"index.knn": True, "number_of_shards": 1, "number_of_replicas": 0},
    "mappings": {"properties": {"user": {"type": "keyword"}, "text": {"type": "text"}, "vector": _VECTOR}},
}


async def test_near_vectors_of_one_user_are_found(opensearch: OpenSearch) -> None:
    async with AsyncOpenSearch(opensearch.url) as node:
        await _remember(node, ("ana", "sea", [1.0, 0.0]), ("ana", "tax", [0.0, 1.0]), ("bob", "tea", [1.0, 0.0]))
        near = {"vector": [0.9, 0.1], "k": 2, "filter": {"term": {"user": "ana"}}}
        found = await node.search(index="memories", body={"query": {"knn": {"vector": near}}})

    assert [hit["_source"]["text"] for hit in found["hits"]["hits"]] == ["sea", "tax"]


async def test_a_filter_in_painless_and_a_delete_by_query_work(opensearch: OpenSearch) -> None:
    async with AsyncOpenSearch(opensearch.url) as node:
        await _remember(node, ("ana", "sea", [1.0, 0.0]), ("bob", "tea", [1.0, 0.0]))
        script = {"script": {"script": "doc['user'].value == 'ana'"}}
        gone = await node.delete_by_query(index="memories", body={"query": {"bool": {"filter": script}}}, refresh=True)
        left = await node.count(index="memories")

    assert (gone["deleted"], left["count"]) == (1, 1)


async def test_what_it_keeps_is_in_the_folder_of_its_data(opensearch: OpenSearch) -> None:
    async with AsyncOpenSearch(opensearch.url) as node:
        await _remember(node, ("ana", "marzipan", [1.0, 0.0]))
        await node.indices.flush(index="memories")

    assert any(b"marzipan" in path.read_bytes() for path in opensearch.data.rglob("*") if path.is_file())


async def _remember(node: AsyncOpenSearch, *memories: tuple[str, str, list[float]]) -> None:
    await node.indices.create(index="memories", body=_INDEX)
    lines: list[Any] = []
    for user, text, vector in memories:
        lines += [{"index": {}}, {"user": user, "text": text, "vector": vector}]
    await node.bulk(index="memories", body=lines, refresh=True)
