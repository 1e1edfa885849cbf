"""Everything that can go wrong, as one tree whose two branches decide what happens next.

Failure
├── Transient            worth another try: the message goes back on the queue
│   ├── Unavailable      a part did not answer, or not in time
│   ├── Contended        others wrote the same row first, each time
│   └── LeaseLost        another worker holds the turn now: fall silent
├── Refused              trying again changes nothing: say so to whoever asked
│   ├── BadFrame         not a frame of the protocol
│   ├── TooLarge         a frame above the protocol's limit
│   ├── RateLimited      this user asks too often
│   ├── Busy             the system's backlog or deadline
│   ├── NotFound         no such thing of this user
│   ├── Conflict         the id is taken by something else
│   ├── Forbidden        the policy refuses these words
│   ├── Expired          the token is no longer valid
│   ├── Unauthorized     no token, or one that proves nothing
│   ├── Unjudged         the moderator failed: closed, and never tried with the same words by itself
│   └── NotOffered       this deployment does not do that (yet)
├── Gone                 the connection to post to is closed
└── Misconfigured        a setting that cannot work: got, why, instead
"""

from __future__ import annotations

import traceback


class Failure(Exception):
    """The root of all failures that this program raises itself."""


class Transient(Failure):
    """A failure that may pass: the work is offered again. Its message is ours, and may be shown to the user."""


class Unavailable(Transient):
    """A part that a turn needs did not answer, or not in time; *after*: seconds that it asks to be left alone for."""

    def __init__(self, message: str, *, after: float = 0.0) -> None:
        """Keep *message*, which is shown to the client and never repeats what a person said."""
        super().__init__(message)
        self.after = after


class Contended(Transient):
    """A row that others wrote first at each try."""


class LeaseLost(Transient):
    """The turn is held under a newer lease; nothing more may be written or posted under this one."""


class Refused(Failure):
    """A request that will be refused each time; *code* is the protocol's word for it."""

    code = "internal"

    def __init__(self, message: str, *, retry_after_ms: int | None = None) -> None:
        """Keep *message*, which is shown to the client and never repeats what a person said."""
        super().__init__(message)
        self.message = message
        self.retry_after_ms = retry_after_ms


class BadFrame(Refused):
    """A frame that the protocol does not know."""

    code = "bad_frame"


class TooLarge(Refused):
    """A frame above the protocol's limit."""

    code = "too_large"


class RateLimited(Refused):
    """One user's requests come faster than their rate allows."""

    code = "rate_limited"


class Busy(Refused):
    """The backlog is full, or the deadline cannot be kept."""

    code = "busy"


class NotFound(Refused):
    """The user has no such thing, whether or not another user has."""

    code = "not_found"


class Conflict(Refused):
    """The id is in use for something else."""

    code = "conflict"


class Forbidden(Refused):
    """Words that the policy refuses; the message is the policy's own."""

    code = "conflict"


class Expired(Refused):
    """The token's time is over: sign in again."""

    code = "expired"


class Unauthorized(Refused):
    """No token, or one that proves nothing."""

    code = "expired"


class Unjudged(Refused):
    """The moderator failed, so nothing may be shown."""

    code = "unavailable"


class NotOffered(Refused):
    """A part of the protocol that this deployment does not offer; the message says why."""

    code = "unavailable"


class Gone(Failure):
    """The connection is closed for good; posting to it is over, the turn is not."""


class Misconfigured(Failure):
    """A setting that cannot work; the message says what was got, why not, and what instead."""


def cause_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """Return the failure that ended *group*: one of ours before a stranger's, since others may follow from it."""
    leaves = _leaves(group)
    return next((leaf for leaf in leaves if isinstance(leaf, Failure)), leaves[0])


def place(error: BaseException) -> str:
    """Say what kind of *error* it is and where it came from; its message may quote a person, and is left out."""
    steps = traceback.extract_tb(error.__traceback__)[-6:]
    return " < ".join([type(error).__name__, *(f"{step.name}:{step.lineno}" for step in reversed(steps))])


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for error in group.exceptions:
        found += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return found
