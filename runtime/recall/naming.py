"""Names out of what is embedded: to a sentence model a name weighs more than all that is said about it.

Who speaks is known; what they say says "I". So a speaker's name is cut out of what was said, and in a question about
a speaker "I" and "my" stand for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_UNNAMED: Final = frozenset({"user", "companion"})
_SPACES: Final = re.compile(r"\s+")


def nameless(text: str, speakers: Iterable[str]) -> str:
    """Return *text* without the names of *speakers*, or as it is where nothing else is in it."""
    pattern = _pattern(frozenset(speakers))
    if pattern is None:
        return text
    return _SPACES.sub(" ", pattern.sub("", text)).strip(" ,") or text


def first_person(question: str, speakers: Iterable[str]) -> str:
    """Return *question* as the one of *speakers* whom it names would ask it."""
    pattern = _pattern(frozenset(speakers))
    if pattern is None:
        return question
    return pattern.sub(lambda match: f"{match['comma'] or ''}{' my' if match['whose'] else ' I'}", question).strip()


@lru_cache(maxsize=256)
def _pattern(speakers: frozenset[str]) -> re.Pattern[str] | None:
    names = sorted({name for speaker in speakers - _UNNAMED for name in (speaker, *speaker.split())}, key=len)
    if not names:
        return None
    any_of = "|".join(re.escape(name) for name in reversed(names))
    return re.compile(rf"(?P<comma>,?)\s*\b(?:{any_of})\b(?P<whose>['’]s\b)?")
