"""From the text of environment variables to the typed fields of a dataclass, each named as its field in capitals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from urllib.parse import urlsplit

from runtime.errors import Misconfigured

T = TypeVar("T")

_DIGITS = 9
_SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def read(kind: type[T], environ: Mapping[str, str]) -> T:
    """Return a *kind* of what *environ* holds; raise `Misconfigured` for a value that cannot work or is missing."""
    kinds = get_type_hints(kind)
    given: dict[str, Any] = {}
    for one in _fields(kind):
        text = environ.get(variable(one.name))
        if text:
            given[one.name] = _value(one, text, kinds[one.name])
        else:
            need(not is_needed(one), variable(one.name), "", "it has no default", "deploy the stack again, or set it")
    return kind(**given)


def variable(name: str) -> str:
    """Return the environment variable of the field *name*."""
    return name.upper()


def is_needed(one: Field[Any]) -> bool:
    """Say whether a field has no default."""
    return one.default is MISSING and one.default_factory is MISSING


def need(good: bool, name: str, got: object, why: str, instead: str) -> None:  # noqa: FBT001
    """Raise `Misconfigured`, with what was *got* as *name*, if it is not *good*."""
    if not good:
        shown = f"no {name}" if got == "" else f"{name}={got}"
        raise Misconfigured(f"got: {shown}; why not: {why}; instead: {instead}")


def is_address(text: str) -> bool:
    """Say whether *text* is an http or https address."""
    try:
        address = urlsplit(text)
        return address.scheme in {"http", "https"} and bool(address.hostname) and (address.port or 1) > 0
    except ValueError:
        return False


def _fields(kind: type) -> tuple[Field[Any], ...]:
    return fields(kind)


def _value(one: Field[Any], text: str, kind: object) -> object:
    name = variable(one.name)
    if kind is int:
        whole = text.isascii() and text.isdigit() and len(text) <= _DIGITS
        need(whole, name, text, "it must be a whole number", f"{name}={one.default}")
        return int(text)
    if kind is bool:
        need(text.lower() in _SWITCH, name, text, "it is a switch", f"{name}=1 or {name}=0")
        return _SWITCH[text.lower()]
    if kind is Path:
        return Path(text)
    if kind is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())
