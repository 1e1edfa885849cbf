"""An index and the client that asks it, opened together for whatever is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from runtime.adapters.aws.search.connection import translated
from runtime.adapters.aws.search.index import Index

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Domain:
    """One index of an OpenSearch domain."""

    client: AsyncOpenSearch
    index: Index

    async def ensure(self) -> None:
        """Make the index if there is none."""
        await self.index.ensure(self.client)

    async def sweep(self, now: float) -> None:
        """Delete what has expired by *now*, a thousand at a time: the index has no clock of its own."""
        expired, deleted = {"query": {"range": {"until": {"lte": now}}}}, 1
        with translated():
            while deleted:
                done = await self.client.delete_by_query(
                    index=self.index.name, body=expired, max_docs=_AT_ONCE, conflicts="proceed", refresh=True
                )
                deleted = done["deleted"]
