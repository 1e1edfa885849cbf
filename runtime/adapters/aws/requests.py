"""Requests to DynamoDB from plain values: `#attribute` in an expression is an attribute, `:value` one of the values.

So no attribute's name is ever one of DynamoDB's own words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from runtime.adapters.aws.items import item, packed

type_of_fields = Mapping[str, Any]
type_of_request = dict[str, Any]

_NAME: Final = re.compile(r"#(\w+)")
_VALUE: Final = re.compile(r":(\w+)")


def get(table: str, key: type_of_fields, only: Sequence[str] = ()) -> type_of_request:
    """Return the request to read the item at *key* as it stands now, or the attributes *only* of it."""
    wanted = expressed({}, ProjectionExpression=chosen(only))
    return {"TableName": table, "Key": item(key), "ConsistentRead": True} | wanted


def put(
    table: str, fields: type_of_fields, condition: str = "", values: type_of_fields | None = None
) -> type_of_request:
    """Return the request to put an item in the place of whatever is there, if *condition* holds of that."""
    return {"TableName": table, "Item": item(fields)} | expressed(values or {}, ConditionExpression=condition)


def update(table: str, key: type_of_fields, change: str, condition: str, values: type_of_fields) -> type_of_request:
    """Return the request to change the item at *key*, if *condition* holds of it."""
    expressions = expressed(values, UpdateExpression=change, ConditionExpression=condition)
    return {"TableName": table, "Key": item(key)} | expressions


def delete(table: str, key: type_of_fields, condition: str, values: type_of_fields) -> type_of_request:
    """Return the request to delete the item at *key*, if *condition* holds of it."""
    return {"TableName": table, "Key": item(key)} | expressed(values, ConditionExpression=condition)


def chosen(attributes: Sequence[str]) -> str:
    """Return the expression for some of an item's *attributes*."""
    return ", ".join(f"#{name}" for name in attributes)


def expressed(values: type_of_fields, **expressions: str) -> type_of_request:
    """Return *expressions* (the empty ones left out) with the names and those of *values* that are in them."""
    request: type_of_request = {kind: expression for kind, expression in expressions.items() if expression}
    text = " ".join(request.values())
    if names := {f"#{name}": name for name in _NAME.findall(text)}:
        request["ExpressionAttributeNames"] = names
    if used := {f":{name}": packed(values[name]) for name in _VALUE.findall(text)}:
        request["ExpressionAttributeValues"] = used
    return request
