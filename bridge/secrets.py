"""Secrets of a configuration: none stands in it, each is a sensitive variable whose value is beside it.

While a resource is converted a secret is a mark that no other text of it has, so it is found again wherever conversion
put it. All variables are texts: Terraform makes numbers and booleans of them where it wants some.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bridge.deployment import Path, Resource
from bridge.document import Json, Number
from bridge.kinds import DEFAULTS, Opaque, text

_UNSAYABLE = re.compile(r"[^0-9A-Za-z_]+")
_PRIVATE_USE = range(0xE000, 0xF900)


@dataclass(frozen=True)
class Variable:
    """A sensitive variable and its value."""

    name: str
    value: str

    def __repr__(self) -> str:
        """Show no value."""
        return f"Variable({self.name!r})"


class Secrets:
    """The secrets among the inputs of one resource."""

    def __init__(self, address: str, resource: Resource, taken: set[str]) -> None:
        """Name them by the resource's *address*, none as a variable that is *taken*."""
        self._prefix, self._paths, self._taken = _UNSAYABLE.sub("_", address), resource.secrets, taken
        self._edge = _absent(resource.inputs)
        self._mark = re.compile(f"{self._edge}(\\d+){self._edge}")
        self._hidden: list[tuple[Path, str]] = []
        self._named: dict[int, Variable] = {}

    @property
    def variables(self) -> list[Variable]:
        """The variables that were named."""
        return list(self._named.values())

    def hidden(self, inputs: dict[str, Json]) -> dict[str, Json]:
        """Return *inputs* with a mark for each value that is secret, in something that is, or has a secret in it."""
        return {key: self._hide(item, (key,), within=False) for key, item in inputs.items()}

    def has(self, value: str) -> bool:
        """Say whether a mark is in *value*."""
        return bool(self._mark.search(value))

    def named(self, value: Json) -> Json:
        """Return *value* with a variable for each mark."""
        match value:
            case str():
                return self._mark.sub(lambda found: f"${{var.{self._variable(int(found[1])).name}}}", value)
            case list():
                return [self.named(item) for item in value]
            case dict():
                return {key: self.named(item) for key, item in value.items()}
            case _:
                return value

    def _hide(self, value: Json, path: Path, *, within: bool) -> Json:
        within = within or path in self._paths
        match value:
            case dict():
                return {key: self._hide(item, (*path, key), within=within) for key, item in value.items()}
            case list() if path[-1] != DEFAULTS:
                return [self._hide(item, (*path, str(at)), within=within) for at, item in enumerate(value)]
            case str() | Number() | bool() if within or any(one[: len(path)] == path for one in self._paths):
                self._hidden.append((path, text(value)))
                return Opaque(f"{self._edge}{len(self._hidden) - 1}{self._edge}")
            case _:
                return value

    def _variable(self, number: int) -> Variable:
        if number not in self._named:
            path, value = self._hidden[number]
            name = _free(f"{self._prefix}_{_UNSAYABLE.sub('_', '_'.join(path))}", self._taken)
            self._taken.add(name)
            self._named[number] = Variable(name, value)
        return self._named[number]


def _free(name: str, taken: set[str]) -> str:
    number, free = 2, name
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


def _absent(inputs: Json) -> str:
    """Return a character that no text of *inputs* has."""
    used = {character for one in _texts(inputs) for character in one}
    return next(chr(point) for point in _PRIVATE_USE if chr(point) not in used)


def _texts(value: Json) -> Iterator[str]:
    match value:
        case str():
            yield value
        case list():
            yield from _all(value)
        case dict():
            yield from value
            yield from _all(value.values())


def _all(values: Iterable[Json]) -> Iterator[str]:
    for one in values:
        yield from _texts(one)
