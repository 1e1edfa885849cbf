"""The order in which the ways to answer are tried: the first that fits speaks."""

from __future__ import annotations

from collections.abc import Callable

from runtime.adapters.local.offline import boundaries, listening, remembrance, smalltalk
from runtime.adapters.local.offline.talk import Talk
from runtime.conversation import Prompt

_WAYS: tuple[Callable[[Talk], str | None], ...] = (
    smalltalk.silence,
    smalltalk.greeting,
    remembrance.name,
    smalltalk.clock,
    smalltalk.repeating,
    remembrance.that_day,
    remembrance.listing,
    smalltalk.phrase,
    boundaries.language,
    boundaries.advice,
    boundaries.task,
    remembrance.answer,
    remembrance.unknown,
    boundaries.world,
)


def reply_to(prompt: Prompt) -> str:
    """Return the whole answer to *prompt*, whatever was said of it already."""
    talk = Talk(prompt)
    answer = next(filter(None, (way(talk) for way in _WAYS)), "") or listening.hear(talk)
    return f"Hello! {answer}" if talk.greets and not answer.startswith("Hello") else answer
