"""Text to the numbers of its word pieces, as BERT's uncased models were taught: the longest known piece first."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

from runtime.errors import Misconfigured

_SPECIAL: Final = ("[UNK]", "[CLS]", "[SEP]")
_LONGEST: Final = 100
_IDEOGRAPHS: Final = (
    *((0x4E00, 0x9FFF), (0x3400, 0x4DBF), (0x20000, 0x2A6DF), (0x2A700, 0x2B73F)),
    *((0x2B740, 0x2B81F), (0x2B820, 0x2CEAF), (0xF900, 0xFAFF), (0x2F800, 0x2FA1F)),
)
_ASCII_MARKS: Final = frozenset("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")


class WordPieces:
    """The tokeniser of one vocabulary, lower case without accents."""

    def __init__(self, vocabulary: Path) -> None:
        """Read the file *vocabulary*: a piece a line, its number the line's."""
        try:
            pieces = vocabulary.read_text(encoding="utf-8").split("\n")
            self._numbers = {piece.rstrip("\r"): number for number, piece in enumerate(pieces) if piece}
            self._unknown, self._first, self._last = (self._numbers[name] for name in _SPECIAL)
        except (OSError, ValueError, KeyError) as error:
            raise Misconfigured(
                f"got: {vocabulary}; why not: it is no vocabulary of word pieces ({type(error).__name__}); "
                "instead: make model"
            ) from error
        self._pieces = lru_cache(maxsize=16_384)(self._cut)

    def numbers(self, text: str, limit: int) -> list[int]:
        """Return the numbers of the first *limit* pieces of *text*, beginning and end included."""
        found = [self._first]
        for word in _words(text):
            found += self._pieces(word)
            if len(found) >= limit:
                break
        return [*found[: limit - 1], self._last]

    def _cut(self, word: str) -> tuple[int, ...]:
        """Return the pieces of *word*, or the one for what is unknown."""
        found: list[int] = []
        start = 0
        while start < len(word) <= _LONGEST:
            sign = "##" if start else ""
            ends = (end for end in range(len(word), start, -1) if sign + word[start:end] in self._numbers)
            end = next(ends, 0)
            if not end:
                return (self._unknown,)
            found.append(self._numbers[sign + word[start:end]])
            start = end
        return tuple(found) or (self._unknown,)


def _words(text: str) -> Iterator[str]:
    """Yield words, marks and ideographs of *text* one by one."""
    plain = unicodedata.normalize("NFD", text.lower()) if not text.isascii() else text.lower()
    yield from "".join(map(_spaced, plain)).split()


@lru_cache(maxsize=4_096)
def _spaced(character: str) -> str:
    """Return *character* as it is to stand: alone, as a space, or not at all."""
    category = unicodedata.category(character)
    if (
        category in {"Mn", "Cf", "Cs", "Co", "Cn"}
        or (category == "Cc" and not character.isspace())
        or character == "\ufffd"
    ):
        return ""
    if character.isspace():
        return " "
    alone = character in _ASCII_MARKS or category.startswith("P") or _is_ideograph(ord(character))
    return f" {character} " if alone else character


def _is_ideograph(point: int) -> bool:
    return any(first <= point <= last for first, last in _IDEOGRAPHS)
