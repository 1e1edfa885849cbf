"""Leaving no byte of what was deleted in the index's files, where it stays for as long as a copy may need it.

A deleted document is kept until every copy of its shard has it no longer to learn, which a lease says that is renewed
every 30 s; then segments with anything deleted are written anew. On a large index that is long work for all disks, and
it is the price of an erasure that can be shown. The service's own snapshots keep what they have until they end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.search.connection import translated
from runtime.errors import Unavailable

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_BETWEEN_LOOKS: Final = 1.0
_PARTS: Final = ",".join(f"indices.*.shards.*.{part}" for part in ("seq_no", "retention_leases"))


@dataclass(frozen=True, slots=True)
class OpenSearchMedium:
    """The files of the index *name*; raises `Unavailable` where leases or merges take more than *patience* seconds."""

    client: AsyncOpenSearch
    name: str
    patience: float = 60.0

    async def scrub(self) -> None:
        try:
            with translated():
                async with asyncio.timeout(self.patience):
                    await self._let_go()
                    await self._merge()
                    await self._settle()
        except TimeoutError as error:
            raise Unavailable("the search still keeps what was deleted; it is tried again") from error

    async def _let_go(self) -> None:
        """Wait until no copy of any shard may ask for what has been done to it until now."""
        await self._settle()
        done = {name: copy["seq_no"]["max_seq_no"] for name, copy in (await self._copies()).items()}
        while _is_kept(done, await self._copies()):  # noqa: ASYNC110 - the service tells nobody.
            await asyncio.sleep(_BETWEEN_LOOKS)
        await self._settle()

    async def _copies(self) -> dict[tuple[str, int], Mapping[str, Any]]:
        """Return each copy of each shard."""
        params = {"level": "shards", "filter_path": _PARTS}
        [found] = (await self.client.indices.stats(index=self.name, params=params))["indices"].values()
        return {(shard, n): copy for shard, copies in found["shards"].items() for n, copy in enumerate(copies)}

    async def _merge(self) -> None:
        """Write anew what has anything deleted in it; a merge that outlives its call goes on, and is found further."""
        merged = await self.client.indices.forcemerge(
            index=self.name, only_expunge_deletes=True, request_timeout=self.patience
        )
        if merged["_shards"]["failed"]:
            raise Unavailable("the search did not merge every shard; it is tried again")

    async def _settle(self) -> None:
        """Let go of segments that were merged, and of the log of what was written to them."""
        await self.client.indices.refresh(index=self.name)
        await self.client.indices.flush(index=self.name, force=True, wait_if_ongoing=True)


def _is_kept(done: Mapping[tuple[str, int], int], copies: Mapping[tuple[str, int], Mapping[str, Any]]) -> bool:
    """Say whether a lease on any of *copies* keeps what was *done* to it."""
    return any(
        lease["retaining_seq_no"] <= done.get(name, -1)
        for name, copy in copies.items()
        for lease in copy.get("retention_leases", {}).get("leases", ())
    )
