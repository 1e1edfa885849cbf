"""What stands in book.toml, as patterns and sets: how people talk is data, and reads as such."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any


@dataclass(frozen=True, slots=True)
class Phrase:
    """What may be said, and what is answered or asked then."""

    heard: re.Pattern[str]
    said: tuple[str, ...]


_BOOK: dict[str, Any] = tomllib.loads((files(__package__) / "book.toml").read_text(encoding="utf-8"))


def _any(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


EMPTY, LOWERED, NO_NAMES, ENGLISH = (
    frozenset(_BOOK["words"][kind].split()) for kind in ("empty", "lowered", "no_names", "english")
)
ALIKE: dict[str, str] = {stem: meaning for meaning, stems in _BOOK["alike"].items() for stem in stems.split()}
TURNED: dict[str, str] = _BOOK["turned"]
PHRASES = tuple(Phrase(_any(each["heard"]), tuple(each["said"])) for each in _BOOK["phrases"])
FOLLOW_UPS = tuple(Phrase(_any(each["about"]), tuple(each["asked"])) for each in _BOOK["follow_ups"])
TOPICS = {topic: re.compile(pattern) for topic, pattern in _BOOK["topics"].items()}
TONGUES = {sorry: frozenset(known.split()) for sorry, known in _BOOK["tongues"].items()}
ADVICE, TASK, REMINDER, SAD, GLAD, DENIED = (
    _any(_BOOK["patterns"][kind]) for kind in ("advice", "task", "reminder", "sad", "glad", "denied")
)
