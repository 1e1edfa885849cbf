"""What a DynamoDB table holds of a user: counted, and deleted by batches until nothing is found.

What is deleted is gone from the table at once, with no byte for us to overwrite; its backups keep it for as long as
`UserPorts.backups` says, which every erasure tells its user (`backups_until`).
"""

from __future__ import annotations

from typing import Final

from runtime.adapters.aws import many
from runtime.adapters.aws.table import Table
from runtime.adapters.aws.tables import ACCOUNT, Shape

_USERS: Final = "#user_id = :user"


class DynamoTraces:
    """The items of a user's partition, those whose sort key *among* holds of ("": all); *shape* is their table's."""

    def __init__(self, table: Table, shape: Shape, among: str = "") -> None:
        self._table = table
        self._key = [one.name for one in (shape.partition, shape.sort) if one is not None]
        self._condition = f"{_USERS} AND {among}" if among else _USERS

    async def count(self, user: str) -> int:
        return await many.count(self._table, self._condition, self._values(user))

    async def erase(self, user: str) -> None:
        values = self._values(user)
        async for keys in many.query(self._table, self._condition, values, attributes=self._key, ConsistentRead=True):
            await many.delete(self._table, keys)

    def _values(self, user: str) -> dict[str, str]:
        return {"user": user, "account": ACCOUNT}


TURNS_AMONG: Final = "#item > :account"
"""The sort keys of a user's turns, which the user's own row lies before."""

ACCOUNT_AMONG: Final = "#item = :account"
"""The sort key of a user's own row."""
