"""Reads text as words the way people do: past case, accents, look-alike letters, spaced letters and invisible characters.

Ordinary text is read once, quickly; only where something looks disguised it is read a second time, more carefully.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

STOP = "."  # The word that stands for the end of a sentence: no phrase goes across it.

_PLAIN = str.maketrans(
    dict.fromkeys("'’‘`´ʼ", "")
    | dict.fromkeys('"“”„«»()[]{}<>,;:-_/\\|*~#%^&+=@$—–‑…•·\t\r\n\u00a0', " ")
    | dict.fromkeys(".!?。！？؟।", f" {STOP} ")
)
_LETTERS = {
    **dict(zip("абвгеѕіјкмнорԛтухсԁһӏ", "abbreSijkmhopqtyxcdhl".lower(), strict=True)),
    **dict(zip("αβεικμνορτυχω", "abeikmvoptuxw", strict=True)),
    **dict(zip("ıøłđħßæœ", "ioldhsao", strict=True)),
}
_LOOK_ALIKE = str.maketrans(_LETTERS)
_LEET = str.maketrans("0134578@$!|+", "oieastbasilt")
_LEET_L = str.maketrans("0134578@$!|+", "oleastbasllt")
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cc"})
# A digit or sign between letters, the same letter three times, or single letters one after the other.
_DISGUISED = re.compile(
    r"[a-z][0134578@$!|+*._-][a-z]|[@$][a-z]|[a-z][0-9@$][a-z0-9@$]|[0-9][a-z]{2}|([a-z])\1\1|\b[a-z][\W_][a-z][\W_][a-z]\b"
)
_SPACED = re.compile(r"(?<![^\W_])[a-z0-9@$](?:([\W_])\1?[a-z0-9@$](?![^\W_])){2,}")
_TOKEN = re.compile(r"[^\W_]+|[@$!|+]|[.!?]", re.ASCII)
_CHUNK = re.compile(r"[a-z0-9@$!|+*._-]+")
_REPEATED = re.compile(r"(.)\1+")


def words(text: str) -> list[str]:
    """Return the words of *text* as written, in lower case without accents, and `STOP` between sentences."""
    lower = text.lower().translate(_PLAIN)
    return (lower if lower.isascii() else _without_accents(lower)).split()


def disguised(text: str, known: Collection[str], squeezed: dict[str, str]) -> list[str]:
    """Return the words of *text* read past its disguises, nothing where it has none.

    A word is only read otherwise where that makes it a *known* one; *squeezed* maps words without doubled letters to
    known ones.
    """
    lower = text.lower()
    if not lower.isascii():
        lower = _without_accents(lower).translate(_LOOK_ALIKE)
    if not _DISGUISED.search(lower) and text.isascii():
        return []
    lower = _SPACED.sub(_joined, lower.replace("'", ""))
    return [word for chunk in _CHUNK.findall(lower) for word in _unmasked(chunk, known, squeezed)]


def squeeze(word: str) -> str:
    """Return *word* without doubled letters."""
    return _REPEATED.sub(r"\1", word)


def _without_accents(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text)
    return "".join([kept for kept in plain if kept.isascii() or unicodedata.category(kept) not in _INVISIBLE])


def _joined(spaced: re.Match[str]) -> str:
    return " " + "".join(character for character in spaced[0] if character.isalnum() or character in "@$") + " "


def _unmasked(chunk: str, known: Collection[str], squeezed: dict[str, str]) -> list[str]:
    """Return the words that a run without spaces stands for."""
    if chunk in known:
        return [chunk]
    stripped = chunk.strip(".!-_*|+")
    for table in (_LEET, _LEET_L):
        letters = "".join(character for character in stripped.translate(table) if character.isalpha())
        if letters in known:
            return [letters, STOP] if chunk[-1] in ".!" else [letters]
        if (word := squeezed.get(squeeze(letters))) is not None:
            return [word]
    return chunk.translate(_PLAIN).split()
