"""What the twins are called: as the program calls them, made unique and sayable; components become a prefix."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from bridge.deployment import Resource

_UNSAYABLE = re.compile(r"[^0-9A-Za-z_-]+")


def addresses(typed: Sequence[tuple[Resource, str]]) -> Mapping[str, str]:
    """Return the address of each resource, by its URN: its Terraform type and a name that no other of the type has."""
    short = Counter((type_name, _sayable(one.name)) for one, type_name in typed)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for one, type_name in typed:
        name = _sayable(one.name)
        component = one.parent.rpartition("::")[2]
        if component and short[type_name, name] > 1:
            name = _sayable(f"{component}_{one.name}")
        found[one.urn] = _free(f"{type_name}.{name}", taken)
        taken.add(found[one.urn])
    return found


def _sayable(name: str) -> str:
    said = _UNSAYABLE.sub("_", name) or "_"
    return said if said[0].isalpha() or said[0] == "_" else f"_{said}"


def _free(address: str, taken: set[str]) -> str:
    """Return *address*, numbered if somebody has it: the order of an export is that of creation, and stays."""
    number, free = 2, address
    while free in taken:
        free, number = f"{address}_{number}", number + 1
    return free
