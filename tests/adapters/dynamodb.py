"""The cloud's tables on moto's server, made anew for each home, their client afar on the clock of the wall."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from runtime.adapters.aws import tables
from runtime.adapters.aws.items import item_of
from runtime.adapters.aws.stores import Hot, Opener, Rows
from runtime.adapters.aws.tables import Key, Shape
from tests.adapters.afar import Afar
from tests.virtual_time import LoopClock

HOUR = 3_600.0
BATCH = 25
_numbers = count()


@dataclass(frozen=True)
class Cloud:
    """The stores on tables that were empty, and their client and tables' names."""

    client: Afar
    rows: Rows
    hot: Hot
    turns: str
    erased: str
    memory: str

    def items(self, table: str) -> list[dict[str, Any]]:
        """Return all that lies in a table, outside of any loop."""
        return [item_of(one) for one in self.client.call("scan", TableName=table, ConsistentRead=True)["Items"]]


def made(request: pytest.FixtureRequest) -> Cloud:
    """Make tables, and open stores on them in the running loop's time that keep recent exchanges for an hour."""
    client: Afar = request.getfixturevalue("dynamodb")
    turns, erased, memory = (make(client, shape) for shape in (tables.TURNS, tables.ERASED, tables.MEMORY))
    opener = Opener(client, LoopClock(), random.Random(1))  # type: ignore[arg-type]
    return Cloud(client, opener.rows(turns, erased), opener.hot(memory, HOUR), turns, erased, memory)


def make(client: Afar, shape: Shape) -> str:
    """Make an empty table and return its name."""
    arguments = definition(shape)
    client.call("create_table", **arguments)
    return str(arguments["TableName"])


def definition(shape: Shape) -> dict[str, Any]:
    """Return what a table of *shape* is made with, under a name of its own."""
    index = shape.index
    indexed = [] if index is None else [index.partition, index.sort]
    attributes = {one.name: one.kind for one in (shape.partition, shape.sort, *indexed) if one}
    arguments: dict[str, Any] = {
        "TableName": f"table-{next(_numbers)}",
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()],
        "KeySchema": _keys(shape.partition, shape.sort),
    }
    if index is not None:
        keys = {"KeySchema": _keys(index.partition, index.sort), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        arguments["GlobalSecondaryIndexes"] = [{"IndexName": index.name, **keys}]
    return arguments


def _keys(partition: Key, sort: Key | None) -> list[dict[str, str]]:
    keys = [{"AttributeName": partition.name, "KeyType": "HASH"}]
    return keys if sort is None else [*keys, {"AttributeName": sort.name, "KeyType": "RANGE"}]
