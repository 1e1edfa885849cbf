"""Days and times as people say them; what counts from today is written so that it stays true."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTH: Final = rf"(?:{'|'.join(_MONTHS)})"
DATE: Final = (
    rf"(?:(?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<month>{MONTH})(?:,? (?P<year>(?:19|20)\d\d))?"
    rf"|(?P<month2>{MONTH}) (?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?:,? (?P<year2>(?:19|20)\d\d))?)"
)
_PLAIN_DATE: Final = re.sub(r"\?P<\w+>", "?:", DATE)
_WEEKDAY: Final = rf"(?:{'|'.join(day.capitalize() for day in _WEEKDAYS)})"
WHEN: Final = (
    rf"(?:(?:on |this |next )?{_WEEKDAY}|on {_PLAIN_DATE}|{_PLAIN_DATE}"
    rf"|(?:early |late )?(?:in|this|next) (?:early |late |mid )?{MONTH}(?: \d{{4}})?|tomorrow|tonight"
    r"|(?:this|next) (?:week|month|year|weekend|spring|summer|autumn|fall|winter)"
    r"|(?:at|for|over) (?:Christmas|Easter)|in (?:spring|summer|autumn|winter|20\d\d))"
)
_RELATIVE: Final = re.compile(
    rf"\b(?:(?:on|this|next) )?(?P<weekday>{_WEEKDAY})\b"
    r"|\b(?P<word>tomorrow|tonight|next (?:week|month|year)|(?:this|next) weekend)\b"
)


def written(match: re.Match[str]) -> str:
    """Return a `DATE` as day, month and perhaps year; empty where no month has such a day."""
    day, month, year = (match[name] or match[f"{name}2"] for name in ("day", "month", "year"))
    if not 1 <= int(day) <= _days(month):
        return ""
    return f"{int(day)} {month}" + (f" {year}" if year else "")


def lasting(text: str, at: float) -> str:
    """Return *text*, said at *at*, with days that count from then as dates."""
    today = datetime.fromtimestamp(at, UTC)
    return _RELATIVE.sub(lambda match: _absolute(match, today), text)


def _absolute(match: re.Match[str], today: datetime) -> str:
    if match["weekday"]:
        ahead = (_WEEKDAYS.index(match["weekday"].lower()) - today.weekday() - 1) % 7 + 1
        return f"on {_day(today + timedelta(days=ahead))}"
    if match["word"] == "next year":
        return f"in {today.year + 1}"
    if "week" in match["word"]:
        later = 7 if match["word"].startswith("next") else 0
        monday = today + timedelta(days=later - today.weekday())
        weekend = match["word"].endswith("end")
        return f"on the weekend of {_day(monday + timedelta(days=5))}" if weekend else f"in the week of {_day(monday)}"
    if match["word"] == "next month":
        after = today.replace(day=1) + timedelta(days=32)
        return f"in {_MONTHS[after.month - 1]} {after.year}"
    return f"on {_day(today + timedelta(days=match['word'] == 'tomorrow'))}"


def _day(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _days(month: str) -> int:
    return {"February": 29, "April": 30, "June": 30, "September": 30, "November": 30}.get(month, 31)
