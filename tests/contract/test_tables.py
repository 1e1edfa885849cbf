"""The tables that are made, beside those that the adapters ask."""

from __future__ import annotations

from typing import Any

from runtime.adapters.aws import tables
from runtime.adapters.aws.tables import Key, Shape
from tests.components.engine import Engine, Inputs
from tests.contract import deployed

TABLE = "aws:dynamodb/table:Table"
SHAPES = {
    "MEMORY_TABLE": tables.MEMORY,
    "TURNS_TABLE": tables.TURNS,
    "CONNECTIONS_TABLE": tables.CONNECTIONS,
    "ERASED_TABLE": tables.ERASED,
}


def test_every_table_is_the_one_that_its_adapters_ask(program: Engine) -> None:
    made = {one.inputs["name"]: one.inputs for one in program.created(TABLE)}
    told = deployed.environments(program)["background"]

    assert made.keys() == {told[variable] for variable in SHAPES}
    for variable, shape in SHAPES.items():
        assert plan(made[told[variable]]) == wanted(shape), variable


def plan(made: Inputs) -> dict[str, Any]:
    """Return what a table's adapters depend on."""
    indexes = [
        (one["name"], [(key["attributeName"], key["keyType"]) for key in one["keySchemas"]], one["projectionType"])
        for one in made.get("globalSecondaryIndexes", ())
    ]
    return {
        "keys": (made["hashKey"], made.get("rangeKey")),
        "kinds": {one["name"]: one["type"] for one in made["attributes"]},
        "indexes": indexes,
        "expiry": made.get("ttl", {}).get("attributeName"),
    }


def wanted(shape: Shape) -> dict[str, Any]:
    """Return the same of what the adapters say."""
    keys = [shape.partition, shape.sort, *((shape.index.partition, shape.index.sort) if shape.index else ())]
    return {
        "keys": (shape.partition.name, shape.sort.name if shape.sort else None),
        "kinds": {key.name: key.kind for key in keys if key},
        "indexes": [(shape.index.name, _schema(shape.index.partition, shape.index.sort), "KEYS_ONLY")]
        if shape.index
        else [],
        "expiry": shape.expiry,
    }


def _schema(partition: Key, sort: Key | None) -> list[tuple[str, str]]:
    return [(partition.name, "HASH"), *([(sort.name, "RANGE")] if sort else [])]
