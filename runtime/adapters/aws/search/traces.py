"""What the index holds of a user, counted and deleted by a query that no other user's documents can answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.search import names
from runtime.adapters.aws.search.connection import translated

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class OpenSearchTraces:
    """The documents of a user in the index *name*."""

    client: AsyncOpenSearch
    name: str

    async def count(self, user: str) -> int:
        """Return how many documents there are, those too that no search has seen yet."""
        owner = names.owner(user)
        with translated():
            await self.client.indices.refresh(index=self.name)
            found = await self.client.count(index=self.name, body=_of(owner), routing=owner)
        return int(found["count"])

    async def erase(self, user: str) -> None:
        owner, deleted = names.owner(user), 1
        with translated():
            while deleted:
                await self.client.indices.refresh(index=self.name)
                done = await self.client.delete_by_query(
                    index=self.name,
                    body=_of(owner),
                    routing=owner,
                    max_docs=_AT_ONCE,
                    conflicts="proceed",
                    refresh=True,
                )
                deleted = done["deleted"] + done["version_conflicts"]


def _of(owner: str) -> dict[str, Any]:
    return {"query": {"term": {"owner": owner}}}
