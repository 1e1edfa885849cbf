"""References between resources, restored: where a property came from another resource, it says so again.

Pulumi's export tells which resources a property depends on, and what these became. A property that is equal to one of
their attributes becomes an expression; within a property of several values, or a longer text, only names that nothing
else has do: ARNs, ids, addresses. What two resources have alike could be either's, and stays a literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bridge.document import Json
from bridge.schema import Object

_FIRST = ("arn", "id", "name", "url", "invoke_arn", "endpoint")
_NAMES = frozenset({"arn", "bucket", "domain", "endpoint", "family", "id", "key", "name", "url"})
_NAMING = ("_arn", "_id", "_name", "_url")
_SHORTEST = 8
_FORMED = re.compile(r"[0-9:/.]")
_ADDRESSED = re.compile(r"[:/.]")


@dataclass(frozen=True)
class Known:
    """A *value* that a resource has as its *attribute*; *unique*: nothing else is likely to have it."""

    value: str
    address: str
    attribute: str
    unique: bool

    @property
    def rank(self) -> int:
        """Say how telling the attribute is; less is more."""
        return _FIRST.index(self.attribute) if self.attribute in _FIRST else len(_FIRST)


def literal(text: str) -> str:
    """Return *text* as a template that says just that."""
    return text.replace("${", "$${").replace("%{", "%%{")


def known(address: str, shape: Object, attributes: Mapping[str, Json]) -> list[Known]:
    """Return what the resource at *address*, of *shape*, has in texts."""
    given = {field.name for field in shape.fields if field.settable}
    return [
        Known(value, address, name, _is_unique(name, value, given=name in given))
        for name, value in sorted(attributes.items())
        if isinstance(value, str) and value
    ]


def _is_unique(name: str, value: str, *, given: bool) -> bool:
    if len(value) < _SHORTEST:
        return False
    return name in _NAMES or name.endswith(_NAMING) or (not given and bool(_FORMED.search(value)))


class References:
    """What the resources that a property depends on have."""

    def __init__(self, found: Iterable[Known]) -> None:
        """Know what they have, each value as the one that tells most."""
        best: dict[str, list[Known]] = {}
        for one in sorted(found, key=lambda one: (one.rank, one.attribute)):
            best.setdefault(one.value, []).append(one)
        clear = {value: ones[0] for value, ones in best.items() if not _alike(ones)}
        self._whole = clear
        parts = [value for value, one in clear.items() if one.unique and _ADDRESSED.search(value)]
        self._parts = re.compile("|".join(_bounded(one) for one in sorted(parts, key=len, reverse=True)) or r"(?!)")
        self.used: set[str] = set()

    def restore(self, value: Json) -> Json:
        """Return *value*, a whole property, with expressions in the place of what came from elsewhere."""
        if isinstance(value, str) and value in self._whole:
            return self._expression(value)
        return self._within(value)

    def _within(self, value: Json) -> Json:
        match value:
            case str():
                return self._text(value)
            case list():
                return [self._within(item) for item in value]
            case dict():
                return {literal(key): self._within(item) for key, item in value.items()}
            case _:
                return value

    def _text(self, text: str) -> str:
        if text in self._whole and self._whole[text].unique:
            return self._expression(text)
        pieces, at = [], 0
        for found in self._parts.finditer(text):
            pieces += [literal(text[at : found.start()]), self._expression(found[0])]
            at = found.end()
        return "".join([*pieces, literal(text[at:])])

    def _expression(self, value: str) -> str:
        one = self._whole[value]
        self.used.add(one.address)
        return f"${{{one.address}.{one.attribute}}}"


def _alike(ones: list[Known]) -> bool:
    """Say whether another resource has the value just as the first of *ones* has."""
    first = ones[0]
    return any(one.attribute == first.attribute and one.address != first.address for one in ones)


def _bounded(value: str) -> str:
    """Match *value* where it is not the beginning or the end of another name."""
    after = r"(?![\w-]|\.\w)" if re.fullmatch(r"[\w-]", value[-1]) else ""
    return rf"(?<![\w-]){re.escape(value)}{after}"
