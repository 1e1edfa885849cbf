"""Reads text as words the way people do: past case, accents, look-alikes, spaced letters and invisible characters.

Ordinary text is read once, quickly; only where letters look replaced, repeated or spaced it is read a second time.
"""

# The signs that ruff calls ambiguous are what this module is about.
# ruff: noqa: RUF001

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping

from runtime.policy.typed import plain

STOP = "."  # The word that stands for the end of a sentence: no phrase goes across it.

# As bytes, since translating those takes no look-ups; all beyond ASCII stays what it is in UTF-8.
_SPACES = b'"()[]{}<>,;:-_/\\|*~#%^&+=@$\t\r\n'
_PUNCTUATION = bytes.maketrans(_SPACES + b"!?", b" " * len(_SPACES) + b"..")
_APOSTROPHES = b"'`"
_OTHER_PUNCTUATION = dict.fromkeys("´ʼ", "") | dict.fromkeys("„«»‹›·•¿¡、，；：", " ") | dict.fromkeys("。！？؟।", STOP)
_LOOK_ALIKE = str.maketrans(
    dict(zip("авеѕіјкмнорԛтухсԁһӏ", "abesijkmhopqtyxcdhl", strict=True))
    | dict(zip("αβεικνορτυχω", "abeikvoptuxw", strict=True))
    | {"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ß": "ss", "æ": "ae", "œ": "oe"}
    | _OTHER_PUNCTUATION
)
_UNSEEN = re.compile(
    "[\u00ad\u0300-\u036f\u034f\u061c\u115f\u1160\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff"
    "\u3164\ufe00-\ufe0f\ufeff\U000e0000-\U000e01ef]"
)
_LEET = tuple(str.maketrans("0134578@$!|+", letters) for letters in ("oieastbasiit", "oleastbaslit"))
_NO_SIGNS = bytes(set(range(256)) - set(b"0134578@$!|+"))
_REPLACED = re.compile(r"[a-z][0134578@$|+]|[0134578@$|+][a-z]|[a-z]!+[a-z]")
_TRIPLE = re.compile(r"([a-z])\1\1")
_SINGLE = re.compile(r" [a-z] +(?:\. +)?[a-z] +(?:\. +)?[a-z] ")
_DOTTED = re.compile(r"\.[a-z]")
_SPACED = re.compile(r"(?<![^\W_])[a-z0-9@$](?:(?:[^\w@$]|_){1,2}[a-z0-9@$](?![^\W_])){2,40}")
_LONGEST = 16
_RUN = re.compile(r"[a-z0-9@$!|+*._-]+|\?")
_BETWEEN = re.compile(r"[.!|+*_-]+")
_REPEATED = re.compile(r"(.)\1+")


def words(text: str) -> list[str]:
    """Return the words of *text* in lower case without accents, and `STOP` between sentences."""
    return _spaced_out(_folded(text)).split()


def readings(text: str, known: Collection[str], squeezed: Mapping[str, str]) -> tuple[list[str], ...]:
    """Return the words of *text* as written and, where it looks disguised, as meant.

    A word is read otherwise only where that makes it a *known* one; *squeezed* maps words without their doubled letters
    to known ones.
    """
    folded = _folded(text)
    spaced = _spaced_out(folded)
    written = spaced.split()
    if not (_SINGLE.search(spaced) or _TRIPLE.search(folded) or _DOTTED.search(folded) or _has_signs(folded)):
        return (written,)
    joined = _SPACED.sub(lambda spelled: _spelled(spelled[0], known), folded.replace("'", ""))
    return written, [word for run in _RUN.findall(joined) for word in _meant(run, known, squeezed)]


def squeeze(word: str) -> str:
    """Return *word* without doubled letters."""
    return _REPEATED.sub(r"\1", word)


def _folded(text: str) -> str:
    text = plain(text).lower()
    if text.isascii():
        return text
    return _UNSEEN.sub("", unicodedata.normalize("NFKD", text)).lower().translate(_LOOK_ALIKE)


def _spaced_out(folded: str) -> str:
    return f" {folded.encode(errors='replace').translate(_PUNCTUATION, _APOSTROPHES).replace(b'.', b' . ').decode()} "


def _has_signs(folded: str) -> bool:
    """Say whether signs stand for letters: asked first whether there are any."""
    return bool(folded.encode(errors="replace").translate(None, _NO_SIGNS)) and _REPLACED.search(folded) is not None


def _spelled(spelled: str, known: Collection[str]) -> str:
    """Return the words that single letters spell, if they spell known ones."""
    letters = "".join(character for character in spelled if character.isalnum() or character in "@$")
    for table in _LEET:
        if (found := _cut_into(letters.translate(table), known)) is not None:
            return f" {' '.join(found)} "
    return spelled


def _cut_into(letters: str, known: Collection[str]) -> list[str] | None:
    """Cut *letters* into known words, the longest first; None where something is left."""
    found, start = [], 0
    while start < len(letters):
        shortest = 1 if letters[start] in "ai" else 2
        ends = range(min(len(letters), start + _LONGEST), start + shortest - 1, -1)
        end = next((end for end in ends if letters[start:end] in known), None)
        if end is None:
            return None
        found.append(letters[start:end])
        start = end
    return found


def _meant(run: str, known: Collection[str], squeezed: Mapping[str, str]) -> list[str]:
    """Return the words that a run without spaces stands for."""
    if run.isalpha() and not _TRIPLE.search(run):
        return [run]
    core = run.rstrip(".!?")
    ending = [STOP] if len(core) < len(run) else []
    if (word := _known(core, known, squeezed)) is not None:
        return [word, *ending]
    return [_known(part, known, squeezed) or part for part in _BETWEEN.split(core) if part] + ending


def _known(run: str, known: Collection[str], squeezed: Mapping[str, str]) -> str | None:
    if run in known or run.isdigit():
        return run
    for table in _LEET:
        letters = "".join(filter(str.isalpha, run.translate(table)))
        if letters in known:
            return letters
        if _TRIPLE.search(letters) and (word := squeezed.get(squeeze(letters))) is not None:
            return word
    return None
