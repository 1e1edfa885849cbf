"""The dates a question names, as spans of time: those that were stated, and the one it is limited to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

Span = tuple[float, float]

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)
_YEARS_BACK: Final = 4
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COUNTS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_STATED: Final = (
    re.compile(rf"\b{_YEAR}-(?P<number>\d\d)-(?P<day>\d\d)\b"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? {_YEAR})?\b"),
    re.compile(rf"\b{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?:,? {_YEAR})?\b"),
    re.compile(rf"\b{_MONTH},? (?:of )?{_YEAR}\b"),
    re.compile(rf"\b(?:in|of|since|during|by|until|before|after|last|this|early|late|mid|end of) {_MONTH}(?!\w)"),
)
_DIGIT: Final = re.compile(r"\d")
_NAMED: Final = re.compile(rf"\b{_MONTH}(?!\w)")
_AGO: Final = re.compile(rf"\b(?P<count>a|an|\d{{1,2}}|{'|'.join(_COUNTS)}) (?P<unit>day|week|month|year)s? ago\b")
_THE_PAST: Final = re.compile(
    r"\b(?:did|was|were|had|have|said|told|talk(?:ed|ing)?|discuss(?:ed)?|remember|recall|mention(?:ed)?|spoke)\b"
)
_ASKING: Final = re.compile(r"\?|^(?:what|when|where|who|which|how|why|did|do|was|were|have|tell|remind|can|could)\b")
_EACH_OTHER: Final = re.compile(r"\b(?:i|we|me|my|our|us|you|your)\b")


def stated(text: str, at: float) -> tuple[Span, ...]:
    """Return the months that lower-case *text* names, and for each day it names the week from that day on.

    Where it names no year, those of the last years before *at*. What belongs to a day is mostly told within a week.
    """
    # "Market" and "maybe" begin like months: to look through a text for each form of a date takes long.
    if not (_DIGIT.search(text) or (any(month in text for month in _MONTHS) and _NAMED.search(text))):
        return ()
    now = datetime.fromtimestamp(at, UTC)
    found = [span for pattern in _STATED for match in pattern.finditer(text) for span in _spans(match, now)]
    return tuple(dict.fromkeys(found))


def limited(text: str, at: float, dates: Sequence[Span]) -> Span | None:
    """Return the one span that lower-case *text*, which states *dates*, asks about, if it asks about the past at all.

    "Today", "last week" limit every such question; "in May" one about what the two have told each other, for what a
    third person did in May is often told in June.
    """
    relating = any(word in text for word in _RELATING)
    if not ((relating or dates) and _ASKING.search(text) and _THE_PAST.search(text)):
        return None
    for pattern, span in _RELATIVE if relating else ():
        if match := pattern.search(text):
            since, until = span(match, datetime.fromtimestamp(at, UTC))
            return since.timestamp(), until.timestamp()
    return dates[0] if dates and _EACH_OTHER.search(text) else None


def _spans(match: re.Match[str], now: datetime) -> Iterator[Span]:
    named = match.groupdict()
    month = int(named["number"]) if named.get("number") else _MONTHS.index(named["month"][:3]) + 1
    years = [int(named["year"])] if named.get("year") else range(now.year, now.year - _YEARS_BACK, -1)
    for year in years:
        try:
            since = datetime(year, month, int(named.get("day") or 1), tzinfo=UTC)
        except ValueError:
            continue
        until = since + _WEEK if named.get("day") else _month_after(since)
        if since <= now:
            yield since.timestamp(), until.timestamp()


def _midnight(moment: datetime) -> datetime:
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def _monday(moment: datetime) -> datetime:
    return _midnight(moment) - moment.weekday() * _DAY


def _month(moment: datetime) -> datetime:
    return _midnight(moment).replace(day=1)


def _month_after(month: datetime) -> datetime:
    return _month(month + timedelta(days=32))


def _year(moment: datetime) -> datetime:
    return _month(moment).replace(month=1)


def _last(match: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    start = {"week": _monday, "month": _month, "year": _year}[match["unit"]]
    return start(start(now) - _DAY), start(now)


def _this(match: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    return {"week": _monday, "month": _month, "year": _year}[match["unit"]](now), now + _DAY


def _ago(match: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    count = match["count"]
    number = int(count) if count.isdigit() else _COUNTS.index(count) if count in _COUNTS else 1
    days, slack = {"day": (1, 0), "week": (7, 3), "month": (30, 15), "year": (365, 120)}[match["unit"]]
    around = _midnight(now - number * days * _DAY)
    return around - slack * _DAY, around + (slack + 1) * _DAY


def _weekend(_: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    return _monday(now) - 2 * _DAY, _monday(now)


def _weekday(match: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    back = (now.weekday() - _WEEKDAYS.index(match["weekday"][:3]) - 1) % 7 + 1
    day = _midnight(now) - back * _DAY
    return day, day + _DAY


_RELATIVE: Final[tuple[tuple[re.Pattern[str], Callable[[re.Match[str], datetime], tuple[datetime, datetime]]], ...]] = (
    (
        re.compile(r"\b(?:today|tonight|this (?:morning|afternoon|evening))\b"),
        lambda _, now: (_midnight(now), now + _DAY),
    ),
    (re.compile(r"\b(?:yesterday|last night)\b"), lambda _, now: (_midnight(now) - _DAY, _midnight(now))),
    (re.compile(r"\blast weekend\b"), _weekend),
    (re.compile(r"\blast (?P<unit>week|month|year)\b"), _last),
    (re.compile(r"\bthis (?P<unit>week|month|year)\b"), _this),
    (_AGO, _ago),
    (re.compile(r"\b(?:on|last) (?P<weekday>mon|tues|wednes|thurs|fri|satur|sun)day\b"), _weekday),
)
_RELATING: Final = ("today", "night", "this ", "yesterday", "last ", " ago", "on ")
"""What stands in all that one of these patterns matches: most questions have none of it."""
