"""From a stack's settings, texts (a list is JSON), to the typed fields of a dataclass: `log_days` is `logDays`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, TypeVar, get_type_hints

from components.configuration.checks import need, setting
from components.refusal import Misconfigured

T = TypeVar("T")

_SWITCH = {"true": True, "false": False}


def settings(kind: type) -> list[str]:
    """Return the settings that a *kind* is made from."""
    return [setting(name) for name in _names(kind)]


def part(kind: type[T], given: Mapping[str, str]) -> T:
    """Return a *kind* of what *given* holds; raise `Misconfigured` for a setting that is missing or cannot work."""
    kinds = get_type_hints(kind)
    return kind(**{name: _value(setting(name), kinds[name], given) for name in _names(kind)})


def _names(kind: type) -> list[str]:
    return [one.name for one in fields(kind)]


def _value(name: str, kind: object, given: Mapping[str, str]) -> object:
    if name not in given:
        raise Misconfigured.because(
            got=f"no {name}",
            why="nothing says what it should be",
            instead=f"pulumi config set {name} ..., or give it a default in Pulumi.yaml",
        )
    text = given[name]
    if kind is str:
        return text
    if kind is int:
        return _whole(name, text)
    if kind is bool:
        need(text in _SWITCH, name, text, "it is a switch", f"pulumi config set {name} true")
        return _SWITCH[text]
    return _list(name, text)


def _whole(name: str, text: str) -> int:
    digits = text.isascii() and text.isdecimal() and len(text) < len(str(2**31))
    need(digits, name, text, "it has to be a whole number", f"pulumi config set {name} 1")
    return int(text)


def _list(name: str, text: str) -> tuple[str, ...]:
    found = _parsed(text)
    good = isinstance(found, list) and all(isinstance(item, str) for item in found)
    need(good, name, text, "it has to be a list of texts", f"pulumi config set --path '{name}[0]' ...")
    return tuple(found)


def _parsed(text: str) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(text)
    except ValueError:
        return None
