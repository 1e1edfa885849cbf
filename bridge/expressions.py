"""References between resources, restored: where a property came from another resource, it says so again.

Pulumi's export tells which resources a property depends on, and what these became. What is equal to one of their
attributes becomes an expression; inside a longer text only names that nothing else has: ARNs, addresses, paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from bridge.document import Json

_TELLING = re.compile(r".*[:/.].*", re.DOTALL)
_SHORTEST = 8
_FIRST = ("arn", "id", "name", "url", "invoke_arn", "endpoint")


def literal(text: str) -> str:
    """Return *text* as a template that says just that."""
    return text.replace("${", "$${").replace("%{", "%%{")


def known(address: str, attributes: Mapping[str, Json]) -> Iterator[tuple[str, str]]:
    """Yield what the resource at *address* has, with the expression for it, the most telling first."""
    order = {name: number for number, name in enumerate(_FIRST)}
    for name in sorted(attributes, key=lambda one: (order.get(one, len(order)), one)):
        value = attributes[name]
        if isinstance(value, str) and value:
            yield value, f"{address}.{name}"


class References:
    """What the resources that a property depends on have."""

    def __init__(self, found: Sequence[tuple[str, str]]) -> None:
        """Know (value, expression) pairs, the better ones first."""
        self._whole: dict[str, str] = {}
        for value, expression in found:
            self._whole.setdefault(value, expression)
        parts = [value for value in self._whole if len(value) >= _SHORTEST and _TELLING.fullmatch(value)]
        parts.sort(key=len, reverse=True)
        self._parts = re.compile("|".join(map(re.escape, parts))) if parts else None
        self.used: set[str] = set()

    def restore(self, value: Json) -> Json:
        """Return *value* with expressions in the place of what came from elsewhere, all else literal."""
        match value:
            case str():
                return self._text(value)
            case list():
                return [self.restore(item) for item in value]
            case dict():
                return {key: self.restore(item) for key, item in value.items()}
            case _:
                return value

    def _text(self, text: str) -> str:
        if text in self._whole:
            return self._expression(text)
        if self._parts is None:
            return literal(text)
        pieces, at = [], 0
        for found in self._parts.finditer(text):
            pieces += [literal(text[at : found.start()]), self._expression(found[0])]
            at = found.end()
        return "".join([*pieces, literal(text[at:])])

    def _expression(self, value: str) -> str:
        expression = self._whole[value]
        self.used.add(expression.rpartition(".")[0])
        return f"${{{expression}}}"
