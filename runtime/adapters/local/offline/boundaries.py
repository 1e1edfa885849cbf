"""What it leaves to others, and says so: other languages, advice on health, law and money, and work for a model."""

from __future__ import annotations

import re

from runtime.adapters.local.offline import book
from runtime.adapters.local.offline.talk import Talk

_SUM = re.compile(r"\d\s*[-+*/×÷^]\s*\d")
_LAST_LATIN = "\u024f"
_ADVISERS = {"health": "a doctor or pharmacist", "law": "a lawyer or an advice centre", "money": "somebody qualified"}
_ONLY_ENGLISH = "I'm a small program that only understands English; a language model could talk with you in yours."


def language(talk: Talk) -> str | None:
    """Apologise for not understanding what is not English."""
    letters = [character for character in talk.whole if character.isalpha()]
    if letters and sum(character > _LAST_LATIN for character in letters) * 2 > len(letters):
        return f"I'm sorry: {_ONLY_ENGLISH}"
    spoken = set(talk.bare.split())
    sorry = max(book.TONGUES, key=lambda each: len(spoken & book.TONGUES[each]))
    votes = len(spoken & book.TONGUES[sorry])
    return f"{sorry} ({_ONLY_ENGLISH})" if votes > 1 and votes > len(spoken & book.ENGLISH) else None


def advice(talk: Talk) -> str | None:
    """Decline to advise on health, law and money."""
    topic = next((topic for topic, pattern in book.TOPICS.items() if pattern.search(talk.bare)), "")
    if not topic or not book.ADVICE.search(talk.bare):
        return None
    return (
        f"I won't advise you on {topic}: I'm far too small a program for that. Please ask {_ADVISERS[topic]}. "
        "What I can do is remember how it goes on."
    )


def ailing(talk: Talk) -> bool:
    """Say whether the person tells of pain or illness."""
    return bool(book.TOPICS["health"].search(talk.bare))


def task(talk: Talk) -> str | None:
    """Say that work for a language model, or for tools, is beyond it."""
    if book.REMINDER.search(talk.bare):
        kept = "" if talk.prompt.private else ", but I'll remember that you asked: ask me what you had planned"
        return f"I can't ring or call you at a time{kept}."
    if not book.TASK.search(talk.bare) and not _SUM.search(talk.said):
        return None
    return talk.pick(
        (
            "That needs a language model, and I am built without one: I listen, remember and find again.",
            "I can't do that. I'm a small program that remembers what it is told; a language model could.",
        )
    )


def world(talk: Talk) -> str | None:
    """Admit to knowing nothing of the world."""
    if not talk.question:
        return None
    return talk.pick(
        (
            "I don't know. I know what you've told me, and very little of the world: there is no language model in me.",
            "That's beyond me: I'm a small program, and all I know is what you tell me.",
            "I can't say: without a language model, I know only what I'm told.",
        )
    )
