"""From what a person says to what to look for: the words that tell something, who may be meant, and when."""

from __future__ import annotations

import re
from typing import Final

from runtime.ports import Cue
from runtime.recall.dating import limited, stated
from runtime.recall.facts import about
from runtime.recall.words import fold, spoken, telling

_CAPITALISED: Final = re.compile(r"\b[^\W\d_a-z][^\W\d_]*")
_FIRST_PERSON: Final = frozenset(
    ["i", "me", "my", "mine", "myself", "we", "us", "our", "i'm", "i've", "i'd", "i'll", "we're", "we've"]
)
_SECOND_PERSON: Final = frozenset(["you", "your", "yours", "yourself", "you're", "you've"])
_WORDS: Final = 48


def cue(text: str, at: float) -> Cue:
    """Notice in *text*, said at *at*, what its answer may be found by; the first 48 words that tell something count."""
    words = spoken(text)
    folded = " ".join(fold(text).split())
    dates = stated(folded, at)
    return Cue(
        text=text,
        words=tuple(dict.fromkeys(telling(words)))[:_WORDS],
        at=at,
        speakers=_speakers(text, words),
        dates=dates,
        only=limited(folded, at, dates),
        about=about(folded, words),
    )


def _speakers(text: str, words: list[str]) -> frozenset[str]:
    """Return who may have said it: names in the question, `user` for "I", `companion` for a "you" without an "I"."""
    named = {fold(name) for name in _CAPITALISED.findall(text)} or set(telling(words))
    if not _FIRST_PERSON.isdisjoint(words):
        return frozenset(named | {"user"})
    return frozenset(named if _SECOND_PERSON.isdisjoint(words) else named | {"companion"})
