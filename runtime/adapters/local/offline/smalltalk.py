"""Greetings, thanks, the clock and questions about itself: the parts of a talk that need no memory of what was told."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from runtime import prompt as prompts
from runtime.adapters.local.offline import book, words
from runtime.adapters.local.offline.talk import Talk

_GREETING = re.compile(
    r"(?:hi|hello|hey|hiya|howdy|greetings|yo|good (?:morning|afternoon|evening|day))"
    r"(?: (?:there|companion|again|you|everyone|my friend|hi|hello|good (?:morning|afternoon|evening)|i'm back))*"
)
_TIME = re.compile(
    r"\bwhat time is it\b|\bwhat'?s the time\b|\bwhat is the time\b|\btell me the time\b|\bhow late is it\b"
)
_DAY = re.compile(
    r"\bwhat (?:day|date|year|month) is (?:it|today)\b|\bwhat(?:'s| is) (?:the|today'?s) (?:date|day)\b|"
    r"\bwhat(?:'s| is) today\b|\bwhich day is (?:it|today)\b"
)
_REPEAT = re.compile(
    r"(?:can you |please |could you )?(?:say that again|repeat that|repeat)(?: please)?|what did you (?:just )?say|"
    r"pardon|what"
)
_LATER = 4 * 3600


def silence(talk: Talk) -> str | None:
    """Invite those who say nothing."""
    return None if talk.bare else "I'm listening. What would you like to tell me?"


def greeting(talk: Talk) -> str | None:
    """Greet back, and tell newcomers what they are talking to."""
    if not _GREETING.fullmatch(talk.bare):
        return None
    called = f", {talk.name}" if talk.name else ""
    if talk.prompt.recent:
        return f"Hello again{called}! {_last_time(talk)}"
    if talk.known:
        known = talk.known[0]
        quote = words.quoted(known.text, 120)
        return (
            f"Hello{called}! I remember what you told me {words.when(known.at, talk.prompt.now)}: {quote} What's new?"
        )
    return (
        f"Hello{called}! I'm Companion, the small one that is built in: I have no language model, but I do remember. "
        "Tell me something that matters to you, and ask me about it another day."
    )


def clock(talk: Talk) -> str | None:
    """Tell the time or the day."""
    now = datetime.fromtimestamp(talk.prompt.now, UTC)
    date = f"{prompts.weekday(talk.prompt.now)}, {prompts.day(talk.prompt.now)}"
    if _TIME.search(talk.bare):
        return f"It is {now:%H:%M} UTC on {date}; which time that is where you are, I can't tell."
    if _DAY.search(talk.bare):
        return f"Today is {date}."
    return None


def repeating(talk: Talk) -> str | None:
    """Say again what was said last."""
    if not _REPEAT.fullmatch(talk.bare) or not talk.prompt.recent or not talk.prompt.recent[-1].reply:
        return None
    return f"I said: {words.quoted(talk.prompt.recent[-1].reply)}"


def phrase(talk: Talk) -> str | None:
    """Answer one of the phrases that everybody says."""
    for known in book.PHRASES:
        if known.heard.fullmatch(talk.bare):
            return talk.pick(known.said).replace("{name}", f", {talk.name}" if talk.name else "")
    return None


def _last_time(talk: Talk) -> str:
    last = talk.prompt.recent[-1]
    if talk.prompt.now - last.at < _LATER or words.asks(last.text) or not words.content(last.text):
        return talk.pick(("What would you like to talk about?", "What's on your mind?", "What has happened since?"))
    day = words.when(last.at, talk.prompt.now)
    return f"When we spoke {day}, you said: {words.quoted(last.text, 120)} How did it go on?"
