"""Values of cty's types: what a resource has in the form that Pulumi takes or shows, and in Terraform's."""

from __future__ import annotations

import re
from typing import Any

from bridge.document import Json, Number, render
from bridge.naming import camel, plural
from bridge.stack import SIGNATURE

Kind = str | list[Any]
MANY = frozenset({"list", "set"})

DEFAULTS = "__defaults"
"""Pulumi's note, among properties, of those that the program left to the provider."""

_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?", re.ASCII)
_BOOLEANS = {"true": True, "false": False}


class Unlike(Exception):
    """A resource that the target's schema cannot hold; its text says which property and why, never a value."""


class Opaque(str):
    """A text that stands for a value of any type, and is passed through as it is."""

    __slots__ = ()


def typed(kind: Kind | None, value: Json) -> Json:
    """Return *value*, in which a resource has whatever Pulumi takes, as the cty type *kind*. Raises `Unlike`."""
    if value is None or isinstance(value, Opaque):
        return value
    if isinstance(kind, list):
        return _composed(kind[0], kind[1], value)
    if kind == "bool":
        return _bool(value)
    if kind == "number":
        return _number(value)
    if isinstance(value, dict) and SIGNATURE in value:
        raise Unlike("it is an asset within another property")
    return text(value)


def shown(kind: Kind | None, value: Json) -> Json:
    """Return *value* of the cty type *kind* as Pulumi shows it."""
    if not isinstance(kind, list):
        return value
    if kind[0] in MANY and isinstance(value, list):
        return [shown(kind[1], item) for item in value]
    if kind[0] == "map" and isinstance(value, dict):
        return {key: shown(kind[1], item) for key, item in value.items()}
    if kind[0] == "object" and isinstance(value, dict):
        pairs = ((_key(name, one), shown(one, value.get(name))) for name, one in kind[1].items())
        return {key: item for key, item in pairs if item is not None}
    return value


def text(value: Json) -> str:
    """Return *value* as the text that Terraform has for it: what Pulumi takes as a document is JSON there."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Number):
        return value.text
    return value if isinstance(value, str) else render(value)


def _composed(kind: str, inner: Any, value: Json) -> Json:  # noqa: ANN401 - a cty type
    if kind in MANY:
        return [typed(inner, item) for item in (value if isinstance(value, list) else [value])]
    if kind == "map" and isinstance(value, dict):
        return {key: typed(inner, item) for key, item in value.items() if key != DEFAULTS}
    if kind == "object" and isinstance(value, dict):
        return {name: typed(one, value.get(_key(name, one))) for name, one in inner.items()}
    raise Unlike(f"it is no {kind}")


def _bool(value: Json) -> Json:
    found = _BOOLEANS.get(value.lower()) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise Unlike("it is neither true nor false")
    return found


def _number(value: Json) -> Json:
    if isinstance(value, Number):
        return value
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Number(value)
    raise Unlike("it is no number")


def _key(name: str, kind: Kind) -> str:
    """Return Pulumi's name of *name* in an object."""
    return plural(camel(name)) if isinstance(kind, list) and kind[0] in MANY else camel(name)
