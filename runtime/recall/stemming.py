"""Words cut to their stems, so that "painted" finds "painting": Porter's algorithm, as full-text engines use it.

M. F. Porter, An algorithm for suffix stripping, Program 14 (1980), 130-137. A stem is a key, not a word.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

# The longest first, for the longest that fits is the one that counts.
_STEP_2: Final = {
    "ational": "ate",
    "ization": "ize",
    "iveness": "ive",
    "fulness": "ful",
    "ousness": "ous",
    "tional": "tion",
    "biliti": "ble",
    "entli": "ent",
    "ousli": "ous",
    "ation": "ate",
    "alism": "al",
    "aliti": "al",
    "iviti": "ive",
    "enci": "ence",
    "anci": "ance",
    "izer": "ize",
    "abli": "able",
    "alli": "al",
    "ator": "ate",
    "eli": "e",
}
_STEP_3: Final = {"icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ness": "", "ful": ""}
_STEP_4: Final = (
    *("ement", "able", "ance", "ence", "ible", "ment", "sion", "tion", "ant", "ate"),
    *("ent", "ism", "iti", "ive", "ize", "ous", "al", "er", "ic", "ou"),
)
_PAIR: Final = re.compile("v+c")
_SHORT: Final = 3


@lru_cache(maxsize=32_768)
def stem(word: str) -> str:
    """Return the stem of *word*, which is in lower case; anything but English letters stays as it is."""
    if len(word) < _SHORT or not (word.isascii() and word.isalpha()):
        return word
    for step in (_plurals, _past_and_present, _final_y, _double_suffixes, _suffixes, _endings, _final_e):
        word = step(word)
    return word


def _shape(part: str) -> str:
    """Spell *part* as consonants (c) and vowels (v)."""
    shape = ""
    for position, letter in enumerate(part):
        vowel = letter in "aeiou" or (letter == "y" and position > 0 and shape[-1] == "c")
        shape += "v" if vowel else "c"
    return shape


def _measure(part: str) -> int:
    """Count the vowel-consonant pairs of *part*: Porter's m."""
    return len(_PAIR.findall(_shape(part)))


def _has_vowel(part: str) -> bool:
    return "v" in _shape(part)


def _ends_double(part: str) -> bool:
    return len(part) > 1 and part[-1] == part[-2] and _shape(part)[-1] == "c"


def _ends_short(part: str) -> bool:
    return _shape(part)[-3:] == "cvc" and part[-1] not in "wxy"


def _plurals(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past_and_present(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) > 0 else word
    for suffix in ("ed", "ing"):
        rest = word.removesuffix(suffix)
        if rest != word:
            return _mended(rest) if _has_vowel(rest) else word
    return word


def _mended(rest: str) -> str:
    if rest.endswith(("at", "bl", "iz")):
        return rest + "e"
    if _ends_double(rest) and rest[-1] not in "lsz":
        return rest[:-1]
    return rest + "e" if _measure(rest) == 1 and _ends_short(rest) else rest


def _final_y(word: str) -> str:
    return word[:-1] + "i" if word.endswith("y") and _has_vowel(word[:-1]) else word


def _replaced(word: str, suffixes: dict[str, str]) -> str:
    for suffix, instead in suffixes.items():
        if word.endswith(suffix):
            rest = word[: -len(suffix)]
            return rest + instead if _measure(rest) > 0 else word
    return word


def _double_suffixes(word: str) -> str:
    return _replaced(word, _STEP_2)


def _suffixes(word: str) -> str:
    return _replaced(word, _STEP_3)


def _endings(word: str) -> str:
    for suffix in _STEP_4:
        if word.endswith(suffix):
            rest = word[:-3] if suffix in {"sion", "tion"} else word[: -len(suffix)]
            return rest if _measure(rest) > 1 else word
    return word


def _final_e(word: str) -> str:
    if word.endswith("e"):
        rest = word[:-1]
        measure = _measure(rest)
        if measure > 1 or (measure == 1 and not _ends_short(rest)):
            word = rest
    return word[:-1] if word.endswith("ll") and _measure(word[:-1]) > 1 else word
