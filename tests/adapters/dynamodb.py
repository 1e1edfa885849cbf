"""The cloud's tables on moto's server, made anew for each home, their client afar on the clock of the wall."""

from __future__ import annotations

import random
from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from runtime.adapters.aws import tables
from runtime.adapters.aws.table import Table
from runtime.adapters.aws.tables import Key, Shape
from runtime.resilience import Retries
from tests.adapters.afar import Afar

_numbers = count()


@dataclass(frozen=True)
class Tables:
    """One home's tables."""

    memory: Table
    turns: Table
    erased: Table


def made(request: pytest.FixtureRequest) -> Tables:
    """Make the tables of a home that was never used."""
    far: Afar = request.getfixturevalue("dynamodb")
    return Tables(*(_made(far, shape) for shape in (tables.MEMORY, tables.TURNS, tables.ERASED)))


def _made(far: Afar, shape: Shape) -> Table:
    name = f"table-{next(_numbers)}"
    far.call("create_table", TableName=name, BillingMode="PAY_PER_REQUEST", **_definition(shape))
    return Table(far, name, "the table", Retries(random.Random(1)))  # type: ignore[arg-type]


def _definition(shape: Shape) -> dict[str, Any]:
    index = shape.index
    indexed = [] if index is None else [index.partition, index.sort]
    attributes = {one.name: one.kind for one in (shape.partition, shape.sort, *indexed) if one}
    definition: dict[str, Any] = {
        "AttributeDefinitions": [{"AttributeName": name, "AttributeType": kind} for name, kind in attributes.items()],
        "KeySchema": _keys(shape.partition, shape.sort),
    }
    if index is not None:
        keys = {"KeySchema": _keys(index.partition, index.sort), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        definition["GlobalSecondaryIndexes"] = [{"IndexName": index.name, **keys}]
    return definition


def _keys(partition: Key, sort: Key | None) -> list[dict[str, str]]:
    keys = [{"AttributeName": partition.name, "KeyType": "HASH"}]
    return keys if sort is None else [*keys, {"AttributeName": sort.name, "KeyType": "RANGE"}]
