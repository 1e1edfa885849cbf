"""Guesses that change with each sound, made into words of which those that are stable never change again.

A decoder may hear "recognise speech" and a moment later "wreck a nice beach". Who acts on a word before the end has to
know which it may act on: one that stood through two guesses and ended two seconds ago, and all before it. Those are
kept whatever is heard later, the final guess included. Sooner, and more would be misheard: of a hundred words six
instead of three after 0.6 s, five after 1.2 s.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from runtime.adapters.local.recognition.utterance import Word

_SETTLED: Final = 2.0
_APART: Final = 0.08


def stabilised(before: Sequence[Word], heard: Sequence[Word], now: float) -> tuple[Word, ...]:
    """Return what is *heard* as of *now*, in seconds of the stream, as what was known *before* allows."""
    kept = tuple(word for word in before if word.stable)
    over = kept[-1].end if kept else 0.0
    guessed = [word for word in heard if (word.start + word.end) / 2 > over]
    count = _settled(before[len(kept) :], guessed, now)
    return kept + tuple(replace(word, stable=place < count) for place, word in enumerate(guessed))


def _settled(before: Sequence[Word], guessed: Sequence[Word], now: float) -> int:
    """Return how many of the first words *guessed* have settled."""
    for place, word in enumerate(guessed):
        stood = place < len(before) and _same(before[place], word)
        if not stood or word.end > now - _SETTLED:
            return place
    return len(guessed)


def _same(one: Word, other: Word) -> bool:
    return one.text == other.text and abs(one.start - other.start) <= _APART
