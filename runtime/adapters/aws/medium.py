"""What DynamoDB writes on, which nobody can scrub: deleted items are gone from the table at once.

They stay in its backups; `UserPorts.backups` says for how long, and so each erasure's `backups_until`.
"""

from __future__ import annotations


class ManagedMedium:
    """Storage that is the service's own."""

    async def scrub(self) -> None:
        """Do nothing: there is no byte that this program could overwrite."""
