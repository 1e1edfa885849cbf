"""Who may do what in a domain with fine-grained access, which knows its master alone: that one tells it of others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.search.connection import translated

if TYPE_CHECKING:
    from opensearchpy import AsyncOpenSearch

_API: Final = "/_plugins/_security/api"
_READING: Final = (["cluster_composite_ops_ro"], ["read", "indices:admin/refresh*"])
_WRITING: Final = (["cluster_composite_ops", "cluster_monitor"], ["indices_all"])


@dataclass(frozen=True, slots=True)
class Rights:
    """The rights to *index*: *readers* and *writers* are ARNs of roles; neither: whoever owns the domain says who."""

    index: str
    readers: tuple[str, ...] = ()
    writers: tuple[str, ...] = ()

    async def tell(self, client: AsyncOpenSearch) -> None:
        """Let the roles in, in the place of those that were let in before."""
        for title, rights, holders in (("reads", _READING, self.readers), ("writes", _WRITING, self.writers)):
            if holders:
                name = f"{self.index}-{title}"
                await _put(client, f"roles/{name}", _role(self.index, *rights))
                await _put(client, f"rolesmapping/{name}", {"backend_roles": list(holders)})


def _role(index: str, cluster: list[str], actions: list[str]) -> dict[str, Any]:
    permissions = {"index_patterns": [index], "allowed_actions": actions}
    return {"cluster_permissions": cluster, "index_permissions": [permissions]}


async def _put(client: AsyncOpenSearch, what: str, body: dict[str, Any]) -> None:
    with translated():
        await client.transport.perform_request("PUT", f"{_API}/{what}", body=body)
