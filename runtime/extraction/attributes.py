"""What a fact can state, and how it is said: attributes.toml as values, so that rules, model and stores agree."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from typing import Final

from runtime.conversation import Memory

USER: Final = "user"
"""The subject of what is stated about the user."""

_FAVOURITE: Final = "favourite "


@dataclass(frozen=True, slots=True)
class Attribute:
    """One line of the file; an empty sentence: it states nothing about those."""

    own: str = ""
    other: str = ""
    slot: str = ""
    importance: float = 0.6
    keep: str = "fact_days"


ATTRIBUTES: Final = {
    name: Attribute(**values)
    for name, values in tomllib.loads((files(__package__) / "attributes.toml").read_text(encoding="utf-8")).items()
}


def attribute(name: str) -> Attribute:
    """Return the attribute *name*; any "favourite ..." is one of its own."""
    if name.startswith(_FAVOURITE):
        return Attribute(own=f"My {name} is {{value}}.", other=f"{{subject}}'s {name} is {{value}}.")
    return ATTRIBUTES.get(name, Attribute())


def known_attribute(name: str) -> bool:
    """Say whether *name* is one that facts can have."""
    return name in ATTRIBUTES or (name.startswith(_FAVOURITE) and name.removeprefix(_FAVOURITE).isalpha())


def slot(fact: Memory) -> str:
    """Return the place that *fact* takes among those of its subject: a newer one in the same place closes it."""
    pattern = attribute(fact.attribute).slot or fact.attribute
    return pattern.replace("{value}", alike(fact.value))


def alike(value: str) -> str:
    """Return what two ways to write one *value* have in common."""
    return " ".join(value.casefold().split())


def sentence(subject: str, name: str, value: str, relation: str = "") -> str:
    """Say it; *relation* is what *subject* is to the user, if that is known. Empty where there is nothing to say."""
    known = attribute(name)
    if subject == USER:
        return known.own.replace("{value}", value)
    who = f"my {relation} {subject}" if relation and name != "relation" else subject
    said = known.other.replace("{subject}", who).replace("{value}", value)
    return said[:1].upper() + said[1:]
