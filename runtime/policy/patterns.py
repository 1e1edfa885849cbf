"""What the policy finds by itself, before any service is asked: e-mail addresses and the numbers of payment cards.

Looked for in a folded text, in which look-alike digits, full-width forms and invisible characters don't hide anything;
found places are those of the text as written. All of it is linear: no pattern can be made to backtrack.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from runtime.policy.typed import plain

# Characters written to be read as others, or not to be seen at all: marks that combine, joiners, fillers, tags.
_DISGUISED = re.compile(
    "[\u00ad\u00b2\u00b3\u00b9\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u2070-\u209f\u20d0-\u20ff\u2100-\u214f\u2460-\u24ff\u2776-\u2793\u3164\ufe00-\ufe0f\ufe50-\ufe6f"
    "\ufeff-\uffef\U0001d400-\U0001d7ff\U0001f100-\U0001f1ff\U000e0000-\U000e01ef]"
)
_DINGBAT_DIGITS = {0x2775 + digit: str(digit) for digit in range(1, 10)} | {
    0x277F + digit: str(digit) for digit in range(1, 10)
}
_DIGITS = (13, 19)
_CARD_GROUP = 3
_NUMBER = re.compile(r"\d(?:[-\u2010-\u2015\u2212.\u00b7_/\s]{0,3}\d){12,}")
_NO_DIGITS = bytes(set(range(256)) - set(b"0123456789"))
_GROUP = re.compile(r"\d+")
_ISSUERS = re.compile(r"3[0-9]|4|5|6|2[2-7]")
_DOUBLED = str.maketrans("0123456789", "0246813579")
_LOCAL = frozenset(".!#$%&'*+/=?^`{|}~-_")
_DOMAIN = re.compile(r"(?:[^\W_](?:[\w-]{0,62})\.)+[^\W\d_]{2,63}")
_AT = re.compile(r"@|\s?[\[({]\s?(?:at|@)\s?[\])}]\s?", re.IGNORECASE)
_BRACKETED_AT = re.compile(r"[\[({]\s?at\s?[\])}]", re.IGNORECASE)


class Finding(NamedTuple):
    """A place in a text that the policy masks or blocks: an EMAIL, a CREDIT_DEBIT_CARD_NUMBER."""

    start: int
    end: int
    entity: str


class Screened(Struct, frozen=True):
    """A text with its masks, and whether it must not be used at all."""

    text: str
    blocked: bool


def screen(text: str) -> Screened:
    """Put masks over what the policy anonymises in *text*, and say whether something in it blocks it."""
    findings = find(text)
    if not findings:
        return Screened(text, blocked=False)
    return Screened(masked(text, findings), any(finding.entity != "EMAIL" for finding in findings))


def masked(text: str, findings: list[Finding]) -> str:
    """Return *text* with `{ENTITY}` in each place of *findings*."""
    parts: list[str] = []
    done = 0
    for finding in findings:
        parts += text[done : finding.start], "{", finding.entity, "}"
        done = finding.end
    return "".join((*parts, text[done:]))


def find(text: str) -> list[Finding]:
    """Return the places in *text* that hold an e-mail address or a card's number, in their order, never overlapping."""
    text = plain(text)
    if text.isascii() or not _DISGUISED.search(text):
        return _found(text)
    pieces = [_folded(character) for character in text]
    findings = _found("".join(pieces))
    if not findings:
        return findings
    return _as_written(findings, pieces)


def _found(text: str) -> list[Finding]:
    cards = [Finding(*span, "CREDIT_DEBIT_CARD_NUMBER") for span in _cards(text)] if _has_digits(text) else []
    addresses = [Finding(*span, "EMAIL") for span in _addresses(text)] if _has_at(text) else []
    if not (cards and addresses):
        return cards or addresses
    apart = [one for one in addresses if all(one.end <= card.start or card.end <= one.start for card in cards)]
    return sorted(cards + apart)


def _has_digits(text: str) -> bool:
    """Say whether *text* holds enough digits for a card: cheaper than looking for one."""
    return not text.isascii() or len(text.encode().translate(None, _NO_DIGITS)) >= _DIGITS[0]


def _folded(character: str) -> str:
    if character.isascii():
        return character
    if dingbat := _DINGBAT_DIGITS.get(ord(character)):
        return dingbat
    plain = unicodedata.normalize("NFKC", character)
    return "".join(kept for kept in plain if unicodedata.category(kept) not in {"Cf", "Mn", "Me", "Cn"})


def _as_written(findings: list[Finding], pieces: list[str]) -> list[Finding]:
    """Return *findings* in the folded text as places in the written one, of which each character became a piece."""
    written = [place for place, piece in enumerate(pieces) for _ in piece]
    return [Finding(written[start], written[end - 1] + 1, entity) for start, end, entity in findings]


def _cards(text: str) -> Iterator[tuple[int, int]]:
    for number in _NUMBER.finditer(text):
        groups = [group.span() for group in _GROUP.finditer(text, *number.span())]
        yield from _cards_among(text, groups)


def _cards_among(text: str, groups: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the cards in digit *groups* that stand together: all of them, or some that are written as cards are."""
    if _is_card("".join(text[start:end] for start, end in groups)):
        yield groups[0][0], groups[-1][1]
        return
    first = 0
    while first < len(groups):
        last = _card_from(text, groups, first)
        if last is not None:
            yield groups[first][0], groups[last][1]
        first = first + 1 if last is None else last + 1


def _card_from(text: str, groups: list[tuple[int, int]], first: int) -> int | None:
    """Return the last of the groups that are a card beginning with group *first*; only its last may be a short one."""
    digits = ""
    for last in range(first, len(groups)):
        start, end = groups[last]
        digits += text[start:end]
        if _is_card(digits):
            return last
        if end - start < _CARD_GROUP or len(digits) > _DIGITS[1]:
            return None
    return None


def _is_card(digits: str) -> bool:
    if not _DIGITS[0] <= len(digits) <= _DIGITS[1]:
        return False
    plain = digits if digits.isascii() else "".join(str(int(digit)) for digit in digits)
    return _ISSUERS.match(plain) is not None and _luhn(plain)


def _luhn(digits: str) -> bool:
    return sum(map(int, digits[-1::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    done = 0
    for sign in _AT.finditer(text):
        domain = _DOMAIN.match(text, sign.end())
        start = _local_start(text, sign.start(), done)
        if domain is not None and start < sign.start():
            done = domain.end()
            yield start, done


def _has_at(text: str) -> bool:
    opens = "(" in text or "[" in text or "{" in text
    return "@" in text or (opens and _BRACKETED_AT.search(text) is not None)


def _local_start(text: str, end: int, floor: int) -> int:
    start = end
    while start > floor and (text[start - 1].isalnum() or text[start - 1] in _LOCAL):
        start -= 1
    return start
