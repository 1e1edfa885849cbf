"""The tables as data: keys, indexes and expiry, the same for who makes them, who asks them and who tests them."""

from __future__ import annotations

from typing import Final, Literal

from msgspec import Struct

type_of_kind = Literal["S", "N"]

ACCOUNT: Final = "account"
"""The sort key of a user's own row in `TURNS`."""


class Key(Struct, frozen=True):
    """An attribute of a key, and whether it is a string or a number."""

    name: str
    kind: type_of_kind = "S"


class Index(Struct, frozen=True):
    """A sparse global index that holds the table's keys only."""

    name: str
    partition: Key
    sort: Key | None = None


class Shape(Struct, frozen=True):
    """What a table is made with; *expiry* is the attribute that says when DynamoDB may delete an item, if any."""

    partition: Key
    sort: Key | None = None
    index: Index | None = None
    expiry: str | None = "expires_at"


MEMORY: Final = Shape(Key("user_id"), Key("ts", "N"))
TURNS: Final = Shape(Key("user_id"), Key("item"), Index("failed", Key("failed"), Key("ended", "N")))
CONNECTIONS: Final = Shape(Key("connection_id"), index=Index("user", Key("user_id")))
ERASED: Final = Shape(Key("pseudonym"), index=Index("running", Key("running")), expiry=None)
