"""From text to the words it is found by: folded, without those that say nothing, cut to their stems.

A memory and a question go through the same function, or they never meet.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from runtime.recall.forms import OTHERWISE
from runtime.recall.stemming import stem

ANALYSIS: Final = 1
"""The version of these rules: a store that keeps words made by another one makes them anew."""

_WORD: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE: Final = re.compile(r"['’]s?\Z")
_TYPED: Final = 16
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_SILENT: Final = frozenset(
    _WORD.findall(
        """
    a about actually after again ago all almost also always am an and another any anyone anything are around as ask
    asked at away back be became because become been before being between both but by came can come could d did do
    does doing done down during each either else ever every few for from gave get gets getting give go goes going gone
    gonna got had happen happened has have having he her here hers herself him himself his how i if in into is it its
    itself just kind know last let like likely ll m made make many maybe me mention mentioned might mine more most
    much must my myself name named never no nor not now of off oh ok okay on once one only or other our ours out over
    own perhaps please quite r re really recently remember said same say says see she should since so some someone
    something sort still such sure take talk talked tell than that the their theirs them themselves then there these
    they thing things this those though through till to told too took t under until up upon us use used ve very wa was
    way we well went were what when where whether which while who whom whose why will with within without would yeah
    yes yet you your yours yourself
    don didn doesn isn aren wasn weren won wouldn couldn shouldn hasn haven hadn ain
    don't didn't doesn't isn't aren't wasn't weren't won't wouldn't couldn't shouldn't hasn't haven't hadn't can't ain't
    i'm i've i'd i'll you're you've you'd you'll he'd he'll she'd she'll it'll we're we've we'd we'll they're they've
    they'd they'll that'll who'd what'd where'd how'd let's
        """
    )
)


def fold(text: str) -> str:
    """Return *text* in lower case and without diacritics: how it is compared."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def spoken(text: str) -> list[str]:
    """Return all words of *text*, folded, a possessive's ending taken off."""
    words: list[str] = _WORD.findall(fold(text))
    if "'" not in text and "’" not in text:
        return words
    return [_POSSESSIVE.sub("", word).replace("’", "'") for word in words]


def telling(words: list[str]) -> list[str]:
    """Leave out of *words* those that any sentence may have."""
    return [word for word in words if word not in _SILENT]


def stems(words: Iterable[str]) -> tuple[str, ...]:
    """Return the stems of *words*, each once, in the order of their first use."""
    return tuple(dict.fromkeys(stem(OTHERWISE.get(word, word)) for word in words))


def indexed(text: str, speaker: str, at: float) -> tuple[str, ...]:
    """Return the stems that *text* is found by: its own, a speaker's name, the month and the year it was said in."""
    moment = datetime.fromtimestamp(at, UTC)
    names = [] if speaker in {"user", "companion"} else spoken(speaker)
    return stems([*telling(spoken(text)), *names, _MONTHS[moment.month - 1], str(moment.year)])


def spaced(text: str) -> str:
    """Return all words of *text*, each after a space, so that one is found by its beginning."""
    return "".join(f" {word}" for word in spoken(text))


def beginnings(query: str) -> tuple[str, ...]:
    """Return what to look for in `spaced` texts: each telling word of *query* as far as its stem agrees with it."""
    words = spoken(query)
    return tuple(dict.fromkeys(f" {_beginning(word)}" for word in telling(words) or words))[:_TYPED]


def _beginning(word: str) -> str:
    """Return what *word* and its stem begin with: "happ" for "happy", whose stem is "happi"."""
    agreed = (letter for letter, other in zip(word, stem(word), strict=False) if letter == other)
    return "".join(agreed) or word
