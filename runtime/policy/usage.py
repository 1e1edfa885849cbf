"""When somebody has to be told that they talk to a program, and when a minor is offered a break.

Use is the time between turns that follow each other; a longer gap is not use. Days are UTC days.
"""

from __future__ import annotations

from msgspec import Struct

from runtime.policy.document import load

_GAP_SECONDS = 30 * 60
_HOUR, _DAY = 3_600, 86_400


class Use(Struct, frozen=True):
    """When somebody last said something (*at*, 0: never), and seconds of use since the last disclosure and break."""

    at: float = 0.0
    since_notice: float = 0.0
    since_break: float = 0.0


def due(use: Use, now: float, *, minor: bool) -> tuple[tuple[str, ...], Use]:
    """Return the notices that a turn at *now* has to carry, and the use to count on from."""
    policy = load()
    gap = max(now - use.at, 0.0)
    used = gap if gap <= _GAP_SECONDS else 0.0
    since_notice, since_break = use.since_notice + used, use.since_break + used
    kinds: tuple[str, ...] = ()
    if now // _DAY > use.at // _DAY or since_notice >= policy.disclosure.every_hours * _HOUR:
        kinds, since_notice = ("disclosure",), 0.0
    if gap > _GAP_SECONDS:
        since_break = 0.0
    if minor and since_break >= policy.break_.every_hours * _HOUR:
        kinds, since_break = (*kinds, "break"), 0.0
    return kinds, Use(max(now, use.at), since_notice, since_break)
