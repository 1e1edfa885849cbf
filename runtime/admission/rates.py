"""Whether a user's next turn may be let in: pure arithmetic on their row.

A bucket of 20 sends that refills at 20 a minute; five turns may wait behind the one being answered; nobody who is
being erased begins anything.
"""

from __future__ import annotations

from msgspec.structs import replace

from runtime.conversation import Account
from runtime.errors import Busy, NotOffered, RateLimited
from runtime.policy import Use, due

_BUCKET = 20.0
_PER_SECOND = 20.0 / 60.0
_WAITING = 5
_STALE_SECONDS = 900.0  # An open turn that is this old was lost between two writes: it no longer counts as waiting.
_RETRY_AFTER_MS = 2_000


def position(account: Account, now: float) -> int:
    """Return how many of the user's turns have not ended."""
    return sum(now - at < _STALE_SECONDS for at in account.open.values())


def let_in(account: Account, turn: str, now: float, *, minor: bool) -> tuple[Account, tuple[str, ...]]:
    """Return the row with *turn* let in, and the notices due with it; raise `RateLimited`, `Busy` or `NotOffered`."""
    if account.erasing:
        raise NotOffered("everything about you is being erased just now: begin again when that is done")
    if position(account, now) > _WAITING:
        message = f"{_WAITING} of your turns are waiting already: send it again when one is answered"
        raise Busy(message, retry_after_ms=_RETRY_AFTER_MS)
    tokens = _refilled(account, now)
    if tokens < 1.0:
        message = f"{_BUCKET:.0f} turns a minute are allowed: wait a moment, then send it again"
        raise RateLimited(message, retry_after_ms=round((1.0 - tokens) / _PER_SECOND * 1e3) + 1)
    notices, use = due(Use(account.used_at, account.used_since_notice, account.used_since_break), now, minor=minor)
    still_open = {other: at for other, at in account.open.items() if now - at < _STALE_SECONDS}
    admitted = replace(
        account,
        open={**still_open, turn: now},
        tokens=tokens - 1.0,
        refilled=now,
        used_at=use.at,
        used_since_notice=use.since_notice,
        used_since_break=use.since_break,
    )
    return admitted, notices


def _refilled(account: Account, now: float) -> float:
    if not account.version:
        return _BUCKET
    return min(_BUCKET, account.tokens + max(now - account.refilled, 0.0) * _PER_SECOND)
