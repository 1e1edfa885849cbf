"""Accounts in DynamoDB: one item a user, and the version as the condition of each write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec.structs import replace

from runtime.adapters.aws import many
from runtime.adapters.aws.items import item
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Table
from runtime.adapters.aws.tables import ACCOUNT
from runtime.conversation import Account
from runtime.ports import Erasures


class DynamoAccounts:
    """The users' rows; who has none may have been erased, which *erasures* tell."""

    def __init__(self, table: Table, erasures: Erasures | None = None) -> None:
        self._table, self._erasures = table, erasures

    async def read(self, user: str) -> Account:
        fields = await self._table.get(_key(user))
        return await self._fresh(user) if fields is None else _account(fields)

    async def write(self, account: Account) -> bool:
        stored = replace(account, version=account.version + 1)
        fields = {**msgspec.to_builtins(stored), **_key(account.user), "user": None}
        condition = "#version = :version" if account.version else "attribute_not_exists(#user_id)"
        outcome = await self._table.put(fields, condition, {"version": account.version})
        return outcome.done or (outcome.doubtful and await self.read(account.user) == stored)

    async def page(self, limit: int, after: str = "") -> Sequence[Account]:
        start = {"ExclusiveStartKey": item(_key(after))} if after else {}
        pages = many.scan(self._table, "#item = :account", {"account": ACCOUNT}, Limit=limit, **start)
        return [_account(fields) for fields in await many.first(pages, limit)]

    async def _fresh(self, user: str) -> Account:
        erasure = await self._erasures.read(user) if self._erasures else None
        if erasure is None:
            return Account(user)
        return Account(user, erasing=erasure.ended is None, erasure=erasure.epoch)


def _key(user: str) -> type_of_fields:
    return {"user_id": user, "item": ACCOUNT}


def _account(fields: dict[str, Any]) -> Account:
    return msgspec.convert({**fields, "user": fields["user_id"]}, Account)
