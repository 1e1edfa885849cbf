"""Secrets of a configuration: none stands in it, each is a sensitive variable whose value is beside it.

While a resource is converted a secret is a mark that no text has; so it is found again wherever conversion put it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bridge.deployment import Path, Resource
from bridge.document import Json, Number

_MARK = re.compile("\x01(\\d+)\x01")
_UNSAYABLE = re.compile(r"[^0-9A-Za-z_]+")


@dataclass(frozen=True)
class Variable:
    """A sensitive variable and its value."""

    name: str
    value: Json

    def __repr__(self) -> str:
        """Show no value."""
        return f"Variable({self.name!r})"


class Secrets:
    """The secrets among the inputs of one resource."""

    def __init__(self, address: str, resource: Resource) -> None:
        """Name them by the resource's *address*."""
        self._prefix, self._paths = _UNSAYABLE.sub("_", address), resource.secrets
        self.variables: list[Variable] = []

    def hidden(self, inputs: dict[str, Json]) -> dict[str, Json]:
        """Return *inputs* with a mark for each text that is secret, or in something that is."""
        return {key: self._hide(item, (key,), within=False) for key, item in inputs.items()}

    def named(self, value: Json) -> Json:
        """Return *value* with a variable for each mark."""
        match value:
            case str():
                return _MARK.sub(lambda found: f"${{var.{self.variables[int(found[1])].name}}}", value)
            case Number(text=text):
                return self.named(text) if _MARK.search(text) else value
            case list():
                return [self.named(item) for item in value]
            case dict():
                return {key: self.named(item) for key, item in value.items()}
            case _:
                return value

    def holds(self, value: Json) -> bool:
        """Say whether *value*, after `named`, has one of these variables in it."""
        match value:
            case str():
                return any(f"${{var.{one.name}}}" in value for one in self.variables)
            case list():
                return any(self.holds(item) for item in value)
            case dict():
                return any(self.holds(item) for item in value.values())
            case _:
                return False

    def _hide(self, value: Json, path: Path, *, within: bool) -> Json:
        within = within or path in self._paths
        match value:
            case dict():
                return {key: self._hide(item, (*path, key), within=within) for key, item in value.items()}
            case list():
                return [self._hide(item, (*path, str(at)), within=within) for at, item in enumerate(value)]
            case str() | Number() if within:
                self.variables.append(Variable(f"{self._prefix}_{_UNSAYABLE.sub('_', '_'.join(path))}", value))
                return f"\x01{len(self.variables) - 1}\x01"
            case _:
                return value
