"""What a clause says of its subject: predicates.toml as patterns, each matched from its beginning to a value's end."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from runtime.extraction.rules import dates, words
from runtime.extraction.rules.people import NAME
from runtime.extraction.rules.taking import TAKING, Heard, Values

_BOOK: Final[dict[str, Any]] = tomllib.loads((files(__package__) / "predicates.toml").read_text(encoding="utf-8"))
_CHILDREN: Final = MappingProxyType({"kids": "child", "children": "child", "puppies": "puppy", "wives": "wife"})
_KIN: Final = words.RELATIONS.keys() - {"friend", "boss", "partner", "ex", "manager", "teacher"}
_PARTS: Final[dict[str, str]] = {
    **_BOOK["parts"],
    "occupations": words.either(words.OCCUPATIONS),
    "diets": words.either(words.DIETS),
    "marriages": words.either(words.MARRIAGES),
    "kin": words.either(_KIN),
    "kinfolk": words.either([*_CHILDREN, *(f"{relation}s" for relation in words.RELATIONS)]),
    "given": NAME,
    "date": dates.DATE,
    "when": dates.WHEN,
}
_PART: Final = re.compile(rf"<({'|'.join(_PARTS)})>")
_SHORT: Final = (
    (re.compile(r"'m\b"), " am"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(r"'s (?!(?:first name|name|birthday|favou?rite|anniversary|wedding)\b)"), " is "),
)
_NOT_BUT: Final = re.compile(r"(?<=\w)(?:,| and)? (?:not|instead of|rather than)\b.*")


@dataclass(frozen=True, slots=True)
class _Predicate:
    attribute: str
    heard: tuple[re.Pattern[str], ...]
    take: Callable[[Heard, float], Values]

    def stated(self, said: str, at: float) -> Iterator[tuple[str, str]]:
        match = next(filter(None, (pattern.match(said) for pattern in self.heard)), None)
        for value in self.take(match, at) if match else ():
            yield self._named(match) if match else "", value

    def _named(self, match: Heard) -> str:
        if self.attribute != "favourite":
            return self.attribute
        return match["a"].replace("favorite", "favourite").replace("color", "colour")


def _pattern(text: str) -> re.Pattern[str]:
    while _PART.search(text):
        text = _PART.sub(lambda part: _PARTS[part[1]], text)
    return re.compile(text)


_PREDICATES: Final = tuple(
    _Predicate(each["attribute"], tuple(map(_pattern, each["heard"])), TAKING[each.get("taken", "text")])
    for each in _BOOK["predicates"]
)
_NAMED: Final = tuple(map(_pattern, _BOOK["kin"].values()))


def whole(said: str) -> str:
    """Return what is *said* of a subject without short forms, and without what it is said not to be."""
    for short, long in _SHORT:
        if match := short.match(said):
            said = long + said[match.end() :]
    head, *_ = said.split(",", 1)
    return (
        said if re.match(r" (?:am|is|are|was|do|does|did|have|has)? ?not\b", head) else _NOT_BUT.sub("", said, count=1)
    )


def stated(said: str, at: float) -> Iterator[tuple[str, str]]:
    """Yield the attributes and values in what is *said* of a subject at *at*."""
    for predicate in _PREDICATES:
        yield from predicate.stated(said, at)


def kin(said: str) -> list[tuple[str, str]]:
    """Return the names and the relations of those whom the subject says they have, as far as they are named."""
    match = next(filter(None, (pattern.match(said) for pattern in _NAMED)), None)
    if not match:
        return []
    relation = match["relation"]
    one = _CHILDREN.get(relation) or (relation if relation in words.RELATIONS else relation.removesuffix("s"))
    return [(name, one) for name in re.findall(NAME, match["names"]) if name not in words.NO_NAMES]
