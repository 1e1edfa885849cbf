"""What is said in place of what only eyes can read: markup, pictures, addresses, figures with signs, abbreviations.

Digits stay digits, for every voice reads them; the words are English, as the policy's are.
"""

# The signs that ruff calls ambiguous are what this module is about.
# ruff: noqa: RUF001

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

_EMOJI: Final = (
    "\u200b-\u200d\u2060\u20e3\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\ufe00-\ufe0f\U0001f000-\U0001faff"
)
_NAMES: Final = "com|org|net|io|dev|gov|edu|app|info|co|uk|eu|de|fr|ca|au"
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_MONEY: Final = {"$": ("dollar", "dollars"), "€": ("euro", "euros"), "£": ("pound", "pounds"), "¥": ("yen", "yen")}
_UNITS: Final = {
    "km/h": "kilometers an hour",
    "mph": "miles an hour",
    "km": "kilometers",
    "cm": "centimeters",
    "mm": "millimeters",
    "kg": "kilograms",
    "mg": "milligrams",
    "ml": "milliliters",
    "ms": "milliseconds",
    "kb": "kilobytes",
    "mb": "megabytes",
    "gb": "gigabytes",
    "tb": "terabytes",
    "%": "percent",
    "°c": "degrees Celsius",
    "°f": "degrees Fahrenheit",
    "°": "degrees",
}
_ABBREVIATIONS: Final = {
    "dr.": "Doctor",
    "mr.": "Mister",
    "mrs.": "Missus",
    "prof.": "Professor",
    "vs.": "versus",
    "e.g.": "for example",
    "i.e.": "that is",
    "approx.": "approximately",
    "etc.": "et cetera",
    "w/o": "without",
    "w/": "with",
}
_SIGNS: Final = {"&": "and", "+": "plus", "=": "equals", "×": "times", "*": "times", "@": "at", "→": "to", "->": "to"}
_HALVES: Final = {"½": "a half", "¼": "a quarter", "¾": "three quarters", "⅓": "a third", "⅔": "two thirds"}


def _address(text: str) -> str:
    """Say whose page or mailbox it is; nobody follows the rest by ear."""
    name = re.sub(r"\A(?:https?://)?(?:www\.)?", "", text)
    return re.split(r"[/?#:]", name)[0].replace("@", " at ").replace(".", " dot ")


def _date(text: str) -> str:
    year, month, day = text.split("-")
    return f"{_MONTHS[int(month) - 1]} {int(day)}, {year}"


def _time(text: str) -> str:
    hours, minutes = text.split(":")[:2]
    if minutes == "00":
        return f"{int(hours)} o'clock"
    return f"{int(hours)} oh {int(minutes)}" if minutes[0] == "0" else f"{int(hours)} {minutes}"


def _money(text: str) -> str:
    whole, _, cents = text[1:].strip().replace(",", "").partition(".")
    number, _, scale = whole.partition(" ")
    one, many = _MONEY[text[0]]
    said = f"{number} {scale} {many}" if scale else f"{number} {one if number == '1' else many}"
    return f"{said} {cents}" if cents.strip("0") else said


def _version(text: str) -> str:
    return text.replace("v", "version ").replace(".", " point ")


def _abbreviation(text: str) -> str:
    return _ABBREVIATIONS[text.lower()]


def _unit(text: str) -> str:
    return f" {_UNITS[text.strip().lower()]}"


def _sign(text: str) -> str:
    return f" {_SIGNS[text.strip()]} "


# Each rule is tried only where it can begin: at most characters of most texts none is.
_AT_WORDS: Final[dict[str, tuple[str, str | Callable[[str], str]]]] = {
    "page": (r"(?:https?://|www\.)[^\s<>()\[\]\"”»]*[^\s<>()\[\]\"”».,;:!?'*_]", _address),
    "mailbox": (r"[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.\w+", _address),
    "site": (rf"[a-z\d-]+(?:\.[a-z\d-]+)*\.(?:{_NAMES})\b(?![.\w])(?:/[^\s<>()\[\]\"”».,;:!?]*)?", _address),
    "short": (r"(?:Dr|Mr|Mrs|Prof|vs|approx|etc|e\.g|i\.e)\.(?=\s|$|,)|w/o?(?=\s)", _abbreviation),
    "numbered": (r"No\.\s(?=\d)", "number "),
    "date": (r"[12]\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b", _date),
    "time": (r"(?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d)?\b(?!:)(?!\s?[ap]\.?m\b)", _time),
    "version": (r"v?\d+(?:\.\d+){2,}\b|v\d+(?:\.\d+)?\b", _version),
}
_AT_SIGNS: Final[dict[str, tuple[str, str | Callable[[str], str]]]] = {
    "mask": (r"\{[A-Z_]+\}", lambda text: text[1:-1].lower().replace("_", " ")),
    "label": (r"!?\[(?=[^\]\n]*\]\()", ""),
    "target": (r"\]\([^)\n]*\)", ""),
    "tag": (r"</?[a-zA-Z][^<>\n]*>", ""),
    "fence": (r"^[ \t]*```[^\n]*$", ""),
    "rule": (r"^[ \t]*(?:[-*_][ \t]*){3,}$", ""),
    "lead": (r"^[ \t]*(?:#{1,6}|>|[-*+•])[ \t]+", ""),
    "cell": (r"[ \t]*\|[ \t]*", ", "),
    "line": (r"(?<=\w)[ \t]*\n", ".\n"),
    "hour": (r":00(?=\s?[ap]\.?m\b)", ""),
    "minutes": (r"(?<=\d):(?=[1-5]\d\s?[ap]\.?m\b)", " "),
    "money": (r"[$€£¥]\s?\d(?:[\d,]*\d)?(?:\.\d\d)?(?:\s(?:thousand|million|billion)\b)?(?!\w)", _money),
    "thousands": (r"(?<=\d),(?=\d{3}(?!\d))", ""),
    "range": (r"(?<=\d)\s?–\s?(?=\d)|(?<=\d) - (?=\d)", " to "),
    "times": (r"(?<=\d)\s?[×*]\s?(?=\d)", " times "),
    "unit": (r"(?<=\d)\s?(?:km/h|mph|km|cm|mm|kg|mg|ml|ms|[kKMGT]B|°[CF]?|%)(?!\w)", _unit),
    "minus": (r"(?<![\w)])[-−](?=\d)", "minus "),
    "number": (r"#(?=\d)", "number "),
    "about": (r"~(?=\d)", "about "),
    "mixed": (rf"(?<=\d)\s?[{''.join(_HALVES)}]", lambda text: f" and {_HALVES[text.strip()]}"),
    "fraction": (rf"[{''.join(_HALVES)}]", lambda text: _HALVES[text]),
    "smiley": (r"(?<!\S)(?:[:;=]['’]?-?[()DPp|/\\]|<3)(?!\w)", ""),
    "sign": (r"\s(?:&|\+|=|->|@)\s|\s?→\s?|(?<=\w)&(?=\w)", _sign),
    "dash": (r"\s?—\s?|\s–\s|(?<=[^\W\d])–(?=[^\W\d])", ", "),
    "slash": (r"(?<=[^\W\d_])/(?=[^\W\d_])|(?<=[^\W_])_+(?=[^\W_])", " "),
    "emphasis": (r"\*+|~~+|`+|(?<!\w)_+|_+(?!\w)", ""),
    "escape": (r"\\(?=[^\w\s])", ""),
    "picture": (rf"\s?[{_EMOJI}]+", ""),
}
_SAYINGS: Final = {name: say for name, (_, say) in {**_AT_WORDS, **_AT_SIGNS}.items()}


def _any(rules: dict[str, tuple[str, str | Callable[[str], str]]]) -> str:
    return "|".join(f"(?P<{name}>{rule})" for name, (rule, _) in rules.items())


RULES: Final = re.compile(
    rf"\b(?=\w\S*[\d.@:/])(?:{_any(_AT_WORDS)})|(?=[^a-zA-Z.'!?])(?:{_any(_AT_SIGNS)})", re.MULTILINE
)
"""Finds what is not said as it is shown."""


def said(found: re.Match[str]) -> str:
    """Return what is said in place of what `RULES` found."""
    instead = _SAYINGS[found.lastgroup or ""]
    return instead if isinstance(instead, str) else instead(found[0])
