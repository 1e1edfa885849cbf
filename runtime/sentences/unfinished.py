"""Tells what of a released text is not over yet, so that what follows is judged with it."""

# The signs that ruff calls ambiguous are what this module is about.
# ruff: noqa: RUF001

from __future__ import annotations

from runtime.sentences.ends import LIMIT, SPACE, STOPS, end_of_sentence

_OF_NUMBERS = " \t\r\n\u00a0-‐‑‒–—−._/·"


def sentence_so_far(released: str) -> str:
    """Return what of *released* belongs to a sentence that has not ended, and so has to be judged with what follows.

    A new line alone ends none; a number or an address at the end may go on, whatever stands before it.
    """
    tail = released[-LIMIT:]
    if len(released) > LIMIT and (space := SPACE.search(tail)):
        tail = tail[space.start() :]
    start = 0
    for mark in STOPS.finditer(tail):
        end = end_of_sentence(tail, 0, mark)
        start = len(tail) if end is None else end or start
    number = len(tail.rstrip("0123456789" + _OF_NUMBERS))
    if tail[number:].strip(_OF_NUMBERS):
        start = min(start, number)
    word = tail.rfind(" ") + 1
    if "@" in tail[word:]:
        start = min(start, word)
    return tail[start:] if tail[start:].strip() else ""
