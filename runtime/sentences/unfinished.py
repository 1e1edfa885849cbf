"""Tells what of a released text is not over yet, so that what follows is judged with it."""

# The signs that ruff calls ambiguous are what this module is about.
# ruff: noqa: RUF001

from __future__ import annotations

from runtime.sentences.ends import LIMIT, SPACE, STOPS, end_of_sentence

_OF_NUMBERS = " \t\r\n\u00a0-‐‑‒–—−._/·"


def sentence_so_far(released: str) -> str:
    """Return what of *released* belongs to a sentence that has not ended, and so has to be judged with what follows.

    A new line alone ends none. What ends in a sign that was decided before anything followed may go on, as may a number
    or an address at the end, whatever stands before it.
    """
    if not released:
        return ""
    tail = released[-LIMIT:]
    if len(released) > LIMIT and (space := SPACE.search(tail)):
        tail = tail[space.start() :]
    start = 0
    for mark in STOPS.finditer(tail):
        end = end_of_sentence(tail, 0, mark)
        if end is None:
            start = len(tail)
        elif end < len(tail) or mark[0][-1] not in "!?":
            start = end or start
    number = len(tail.rstrip("0123456789" + _OF_NUMBERS))
    if tail[number:].strip(_OF_NUMBERS):
        start = min(start, number)
    word = tail.rfind(" ") + 1
    if "@" in tail[word:]:
        start = min(start, word)
    return tail[start:] if tail[start:].strip() else ""
