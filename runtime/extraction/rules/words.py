"""What stands in words.toml, as sets and patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from importlib.resources import files
from typing import Any, Final

_BOOK: Final[dict[str, Any]] = tomllib.loads((files(__package__) / "words.toml").read_text(encoding="utf-8"))


def either(options: Iterable[str]) -> str:
    """Return the pattern that matches one of *options*, the longest that can."""
    return f"(?:{'|'.join(sorted(options, key=lambda option: -len(option)))})"


def _words(name: str) -> frozenset[str]:
    return frozenset(_BOOK["words"][name].split())


RELATIONS: Final = {relation: they for they, all_of in _BOOK["relations"].items() for relation in all_of.split()}
KINDS, NO_NAMES, NO_PLACES, OCCUPATIONS, GAMES, LANGUAGES, DIETS, MARRIAGES = (
    _words(name)
    for name in ("kinds", "no_names", "no_places", "occupations", "games", "languages", "diets", "marriages")
)
NO_TASTES, NO_STUDIES, NO_EMPLOYERS = (_words(name) for name in ("no_tastes", "no_studies", "no_employers"))

_DOUBTS: Final = _BOOK["doubts"]
DOUBTFUL: Final = re.compile(rf"(?<![\w']){either(_DOUBTS['sentence'])}(?![\w'])", re.IGNORECASE)
UNREAL: Final = re.compile(rf"(?<![\w']){either(_DOUBTS['text'])}(?![\w'])", re.IGNORECASE)
DENIED: Final = re.compile(rf"(?<![\w']){either(_DOUBTS['denied'])}(?![\w'])", re.IGNORECASE)
SIGNS: Final = re.compile(either(map(re.escape, _DOUBTS["signs"])))
OPENING: Final = re.compile(rf"{either(_DOUBTS['openings'])}(?![\w'])[\s,:!.–-]*", re.IGNORECASE)
