"""Where a bench of recall remembers: on a laptop, or in OpenSearch on a node that is started for it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol

from botocore.credentials import ReadOnlyCredentials

from runtime.adapters.aws.search import Access, Index, OpenSearchMemories, open_client
from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.ports import Clock, Memories, Vectors
from tests.parts import opensearch

_DIMENSION = 384


class Shelf(Memories, Protocol):
    """A memory with its vectors."""

    @property
    def vectors(self) -> Vectors:
        """Return the vectors of what was said."""


class _Nobody:
    """Credentials that a node without a lock takes for anybody's."""

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        return ReadOnlyCredentials("key", "secret", None)


@asynccontextmanager
async def on_a_laptop(clock: Clock) -> AsyncIterator[Shelf]:
    """Open a laptop's memory with nothing in it."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "memories.db")
        yield SqliteMemories(database, clock)
        database.close()


@asynccontextmanager
async def in_opensearch(clock: Clock) -> AsyncIterator[Shelf]:
    """Open the cloud's memory on a new node."""
    with tempfile.TemporaryDirectory() as folder:
        (inner := Path(folder) / "node").mkdir()
        node = opensearch.start(inner)
        try:
            node.answers("/_cluster/health")
            index = Index("bench", engine="lucene", dimension=_DIMENSION)
            async with open_client(Access(node.url, "us-east-1", _Nobody(), seconds=60.0)) as client:
                await index.ensure(client)
                yield OpenSearchMemories(client, index, clock, refresh="true")
        finally:
            node.end()
