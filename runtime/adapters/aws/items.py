"""Plain values as DynamoDB keeps them, and back: floats to the last bit, whole numbers as such, bytes as they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb.type_defs import UniversalAttributeValueTypeDef


def packed(value: object) -> UniversalAttributeValueTypeDef:  # noqa: PLR0911 - one for each type.
    """Return *value* as an attribute's value."""
    match value:
        case None:
            return {"NULL": True}
        case str():
            return {"S": value}
        case bool():
            return {"BOOL": value}
        case int() | float():
            return {"N": repr(value)}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": {name: packed(one) for name, one in value.items()}}
        case list() | tuple():
            return {"L": [packed(one) for one in value]}
    raise TypeError(f"DynamoDB keeps no {type(value).__name__}")


def unpacked(attribute: Mapping[str, Any]) -> Any:  # noqa: ANN401 - whatever was packed.
    """Return the value of an attribute."""
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return int(value) if value.lstrip("-").isdigit() else float(value)
        case "M":
            return item_of(value)
        case "L":
            return [unpacked(one) for one in value]
        case "NULL":
            return None
    return value


def item(fields: Mapping[str, object]) -> dict[str, UniversalAttributeValueTypeDef]:
    """Return *fields* as an item, which leaves out what is None."""
    return {name: packed(value) for name, value in fields.items() if value is not None}


def item_of(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Return an item's fields."""
    return {name: unpacked(value) for name, value in attributes.items()}
