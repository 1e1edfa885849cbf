"""Accounts in SQLite: one JSON value a user, and the version as the condition of each write."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec.structs import replace

from runtime.adapters.local.database import Database
from runtime.adapters.local.erasures import SqliteErasures
from runtime.conversation import Account

_SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    user TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    account BLOB NOT NULL
) WITHOUT ROWID
"""

_encode = msgspec.json.Encoder().encode
_decode = msgspec.json.Decoder(Account).decode


class SqliteAccounts:
    """The users' rows; who has none may have been erased, which *erasures* tell."""

    def __init__(self, database: Database, erasures: SqliteErasures | None = None) -> None:
        self._database = database
        self._erasures = erasures
        database.ensure(_SCHEMA)

    async def read(self, user: str) -> Account:
        rows = self._database.rows("SELECT account FROM accounts WHERE user = ?", (user,))
        return _decode(rows[0]["account"]) if rows else self._fresh(user)

    async def write(self, account: Account) -> bool:
        stored = _encode(replace(account, version=account.version + 1))
        if account.version == 0:
            statement = "INSERT INTO accounts (version, account, user) VALUES (? + 1, ?, ?) ON CONFLICT DO NOTHING"
            return self._database.change(statement, (0, stored, account.user)) == 1
        return (
            self._database.change(
                "UPDATE accounts SET version = version + 1, account = ? WHERE user = ? AND version = ?",
                (stored, account.user, account.version),
            )
            == 1
        )

    async def page(self, limit: int, after: str = "") -> Sequence[Account]:
        rows = self._database.rows("SELECT account FROM accounts WHERE user > ? ORDER BY user LIMIT ?", (after, limit))
        return [_decode(row["account"]) for row in rows]

    def _fresh(self, user: str) -> Account:
        erasure = self._erasures.standing(user) if self._erasures else None
        return Account(user) if erasure is None else Account(user, erasing=not erasure.ended, erasure=erasure.epoch)
