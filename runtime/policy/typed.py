"""Typographic signs as they are typed: all that every look at a text begins with."""

# The signs that ruff calls ambiguous are what this module is about.

from __future__ import annotations

_TYPOGRAPHIC = tuple(zip("’‘“”–—…\u00a0", "''\"\"--. ", strict=True))


def plain(text: str) -> str:
    """Return *text* with typographic signs as typed ones, character by character."""
    if not text.isascii():
        for sign, typed in _TYPOGRAPHIC:
            text = text.replace(sign, typed)
    return text
