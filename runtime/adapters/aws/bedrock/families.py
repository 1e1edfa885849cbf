"""What a model on Bedrock takes, by its family: a table, because the model ids change every few months."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

# Profiles that send a request where there is room: us., eu., apac., global., us-gov. and their like.
_PROFILE: Final = re.compile(r"^[a-z]+(-[a-z]+)?\.(?=[a-z0-9]+\.)")


@dataclass(frozen=True, slots=True)
class Family:
    """What the models of one family take; what each means is said in the table, `families.toml`."""

    system: bool
    continues: bool
    caches: int
    shapes: bool
    thoughts: int
    effort: str
    fields: Mapping[str, Any]


def of(model: str) -> Family:
    """Return the family of *model*: an id, a cross-Region profile, or the ARN of either.

    The ARN of an application's own profile tells nothing of the model behind it.
    """
    name = _PROFILE.sub("", model.rpartition("/")[2])
    table = _table()
    known = max((family for family in table if name.startswith(family)), key=len, default="default")
    return Family(**table["default"] | table[known])


@cache
def _table() -> dict[str, dict[str, Any]]:
    return tomllib.loads((files(__package__) / "families.toml").read_text(encoding="utf-8"))
