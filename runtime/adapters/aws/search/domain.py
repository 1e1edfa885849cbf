"""An index and the client that asks it, opened together for whatever is made of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from runtime.adapters.aws.search.index import Index

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch


@dataclass(frozen=True, slots=True)
class Domain:
    """One index of an OpenSearch domain."""

    client: AsyncOpenSearch
    index: Index

    async def ensure(self) -> None:
        """Make the index if there is none."""
        await self.index.ensure(self.client)
