"""What it says to something it was told: that it will remember, what it remembers already, and one fitting question."""

from __future__ import annotations

import re

from runtime.adapters.local.offline import book, boundaries, remembrance, words
from runtime.adapters.local.offline.talk import Talk, introduced

_SHORT = 140
_REMEMBER = re.compile(
    r"^(?:please |can you |could you )*(?:remember|note|keep in mind|don't forget|do not forget)(?: that|:|,)?\s+",
    re.IGNORECASE,
)
_TURNABLE = re.compile(
    r"^(?:(?:yesterday|today|tomorrow|last \w+|next \w+|on \w+|this \w+),? )?"
    r"(?:I|I'm|I've|I'll|I'd|my|we|we're|we've|our|he|she|they|the)\b"
    r"|^[A-Z]\w+(?: and [A-Z]\w+)? (?:is|was|has|had|lives|likes|loves|moved|works|wants|got|will|went|came)\b",
    re.IGNORECASE,
)
_SECOND_PERSON = re.compile(r"\byou\b|\byour\b|\byours\b|\bam i\b|\"", re.IGNORECASE)
_THEY = (
    (re.compile(r"\b(?:sister|mother|mom|mum|daughter|wife|girlfriend|grandm\w+|aunt|niece|she|her)\b"), "she is does"),
    (
        re.compile(r"\b(?:brother|father|dad|son|husband|boyfriend|grandf\w+|grandpa|uncle|nephew|he|him|his)\b"),
        "he is does",
    ),
    (re.compile(""), "they are do"),
)
_OPEN = (
    "What else should I know?",
    "How did that come about?",
    "How do you feel about it?",
    "Who else is part of that?",
)
_COMFORT = ("What would do you good now?", "Do you want to tell me more?", "Is somebody with you?")
_UNSURE = (
    "I'm not sure what you mean. Would you say it in other words?",
    "I didn't quite get that. Tell me more?",
)


def hear(talk: Talk) -> str:
    """Acknowledge what was told."""
    if introduced(talk.said):
        return _acquainted(talk)
    if not _tells(talk):
        return talk.pick(_UNSURE)
    parts = (_feeling(talk), _promise(talk), remembrance.related(talk) or "", _follow_up(talk))
    return " ".join(part for part in parts if part)


def _acquainted(talk: Talk) -> str:
    name = introduced(talk.said)
    kept = "I won't keep it, as this turn is private." if talk.prompt.private else "I'll remember your name."
    alone = not words.content(talk.said) - words.content(name) - words.content("name nice meet")
    wish = "What would you like to tell me about yourself?" if alone else _follow_up(talk)
    return f"Nice to meet you, {name}! {kept if alone else _promise(talk)} {wish}"


def _tells(talk: Talk) -> bool:
    """Say whether there is something to remember: more than a word, or a word in answer to a question."""
    asked = bool(talk.prompt.recent) and talk.prompt.recent[-1].reply.rstrip().endswith("?")
    return len(talk.bare.split()) > (0 if asked else 1) and bool(words.content(talk.said))


def _feeling(talk: Talk) -> str:
    if boundaries.ailing(talk):
        return (
            "I'm sorry to hear it. I'm too small a program to advise on health; if it worries you, please ask a doctor."
        )
    if book.SAD.search(talk.bare):
        return talk.pick(("I'm sorry, that sounds hard.", "That sounds heavy. I'm sorry.", "I'm sorry to hear that."))
    if book.GLAD.search(talk.bare) and not book.DENIED.search(talk.bare):
        return talk.pick(("How good to hear!", "That's lovely.", "I'm glad to hear it."))
    return ""


def _promise(talk: Talk) -> str:
    if talk.prompt.private:
        return "This turn is private, so I won't keep it."
    told = _REMEMBER.sub("", talk.said)
    statements = [part for part in words.sentences(told) if not words.asks(part)]
    if len(statements) == 1 and _turns_well(statements[0]):
        return f"I'll remember that {words.turned(statements[0])}."
    return talk.pick(("I'll remember that.", "I'll keep that in mind.", "Thank you for telling me; I'll remember it."))


def _turns_well(statement: str) -> bool:
    """Say whether *statement* can be said back: short, the person's own or about others, not about the companion."""
    return len(statement) <= _SHORT and bool(_TURNABLE.match(statement)) and not _SECOND_PERSON.search(statement)


def _follow_up(talk: Talk) -> str:
    they, be, do = next(forms for pattern, forms in _THEY if pattern.search(talk.bare)).split()
    fitting = next((each.said for each in book.FOLLOW_UPS if each.heard.search(talk.bare)), ())
    if book.SAD.search(talk.bare) or boundaries.ailing(talk):
        return fitting[0] if len(fitting) == 1 else talk.pick(_COMFORT)
    if fitting:
        return talk.pick([question.format(they=they, are=be, do=do) for question in fitting])
    return "" if _REMEMBER.match(talk.said) else talk.pick(_OPEN)
