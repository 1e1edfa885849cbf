"""Turns what a TOML file holds into frozen structs, and says precisely where it does not fit."""

from __future__ import annotations

from typing import Any, Literal, TypeVar, get_args, get_origin

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from runtime.errors import Misconfigured

T = TypeVar("T")


def shaped(kind: type[T], value: object, where: str) -> T:
    """Return *value* (found at *where*) as *kind*; raise `Misconfigured` where it has another shape."""
    fitting: T = _fit(kind, value, where)
    return fitting


def wrong(where: str, got: object, why: str, instead: str) -> Misconfigured:
    """Return the error that says what was got at *where*, why it can't work, and what to write instead."""
    return Misconfigured(f"policy.toml: {where}\n  got:     {got!r}\n  why:     {why}\n  instead: {instead}")


def _fit(kind: Any, value: object, where: str) -> Any:  # noqa: ANN401 - what a type describes is known when it runs
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _record(kind, value, where)
    if get_origin(kind) is not None:
        return _generic(kind, value, where)
    if type(value) is not kind:
        raise wrong(where, value, f"it has to be a {kind.__name__}", f"write a {kind.__name__}")
    return value


def _record(kind: Any, value: object, where: str) -> object:  # noqa: ANN401 - as above
    known: dict[str, FieldInfo] = {field.name: field for field in fields(kind)}
    names = {name: name.rstrip("_") for name in known}
    if not isinstance(value, dict):
        raise wrong(where, value, "it has to be a table", f"write a table with {', '.join(names.values())}")
    if unknown := sorted(set(value) - set(names.values())):
        raise wrong(where, unknown[0], "nothing reads it", f"use one of {', '.join(names.values())}")
    required = {names[name] for name, field in known.items() if field.default is NODEFAULT}
    if missing := sorted(required - set(value)):
        raise wrong(where, sorted(value), f"{missing[0]} is missing", f"add {missing[0]}")
    given = {name: key for name, key in names.items() if key in value}
    return kind(**{name: _fit(known[name].type, value[key], f"{where}.{key}") for name, key in given.items()})


def _generic(kind: Any, value: object, where: str) -> object:  # noqa: ANN401 - as above
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        if value not in arguments:
            raise wrong(where, value, "it is not known", f"write one of {', '.join(map(str, arguments))}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise wrong(where, value, "it has to be a list", "write [...]")
        return tuple(_fit(arguments[0], item, f"{where}[{number}]") for number, item in enumerate(value))
    if not isinstance(value, dict):
        raise wrong(where, value, "it has to be a table", "write a table of names")
    return {_fit(arguments[0], key, where): _fit(arguments[1], item, f"{where}.{key}") for key, item in value.items()}
