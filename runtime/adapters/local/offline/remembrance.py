"""Answers out of what was told: it quotes, with the date, and says plainly where nothing fits."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runtime.adapters.local.offline import facts, words
from runtime.adapters.local.offline.talk import Known, Talk

_LISTING = re.compile(
    r"\bwhat (?:all )?(?:do|can|else do) you (?:remember|know|recall)\b|\bwhat have i (?:told|said)\b|"
    r"\bwhat did i (?:tell|say to) you\b(?! (?:yesterday|last))|\bwhat'?s in your memory\b|"
    r"\btell me what you (?:know|remember)\b|"
    r"\bdo you (?:remember|know) (?:anything|something|me)\b|\bshow me (?:my|your) memor"
)
_MINE = re.compile(r"\b(?:i|me|my|mine|we|our|us)\b|\bremember\b")
_OWNED = re.compile(
    r"\b(?:my|our) (?:(?:older|younger|elder|little|big|best|new|old|dear|favou?rite) )?([a-z]+)",
    re.IGNORECASE,
)
_PRONOUN = re.compile(r"\b(?:she|her|hers|he|him|his|they|them|their)\b", re.IGNORECASE)
_DAY_ASKED = re.compile(r"\bwhat (?:did|have|was) i (?:do|done|doing|say|said|tell|told)\b.*\b(today|yesterday)\b")
_NAME_ASKED = re.compile(
    r"\b(?:what(?:'s| is| was)|know|remember|tell me|say) my name\b|^who am i\b|\bwhat am i called\b"
)
_PLACE = re.compile(r"\b(?:in|to|at|from|near|on) (?:the )?[A-Z]|\bhere\b|\bhome\b|\babroad\b")
_DATE = re.compile(
    r"\d|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\b(?:january|february|march|april|may|june|july|august|september|"
    r"october|november|december|tomorrow|next|last|today|tonight|morning|evening|christmas|easter)\b",
    re.IGNORECASE,
)
_FITTING = {
    "where": _PLACE,
    "when": _DATE,
    "who": re.compile(r"\b[A-Z][a-z]+"),
    "how many": re.compile(r"\d|\b(?:two|three|four|five|six)\b"),
}
_LISTED = 4


def name(talk: Talk) -> str | None:
    """Say the person's name when they ask for it."""
    if not _NAME_ASKED.search(talk.bare):
        return None
    if talk.name:
        return f"You are {talk.name}. I remember."
    return "You haven't told me your name yet, or I can't find it now. What shall I call you?"


def listing(talk: Talk) -> str | None:
    """List some of what is remembered."""
    if not _LISTING.search(talk.bare):
        return None
    subject = words.content(_LISTING.sub("", talk.bare)) - {"you", "me"}
    told = [known for known in talk.known if not subject or subject & words.content(known.text)]
    if not told:
        return "Nothing comes to mind about that yet. Tell me something, and ask me again."
    lines = [f"{words.when(known.at, talk.prompt.now)} {words.quoted(known.text, 100)}" for known in told[:_LISTED]]
    more = " There may be more: the memory panel shows all of it." if len(told) > _LISTED else ""
    return f"I remember that you told me {_joined(lines)}{more}"


def that_day(talk: Talk) -> str | None:
    """Tell what was said today or yesterday."""
    day = _DAY_ASKED.search(talk.bare)
    if not day:
        return None
    told = [known for known in talk.known if day[1] in words.when(known.at, talk.prompt.now)]
    if not told:
        return f"Of {day[1]} I remember nothing that you told me."
    return f"You told me {_joined([words.quoted(known.text, 100) for known in told[:_LISTED]])}"


def answer(talk: Talk) -> str | None:
    """Answer a question with what fits it best of what was told; hedge where it may not."""
    if not talk.question:
        return None
    subjects = _subjects(talk)
    if stated := facts.answer(talk, subjects):
        return stated
    asked = words.content(talk.question) | subjects
    told = sorted(talk.known, key=lambda known: _fit(known, asked, subjects), reverse=True)
    best = [known for known in told if asked & words.content(known.text)]
    if not best:
        return None
    if _answers(best[0], talk, asked, subjects):
        return " ".join([_told(best[0], talk), *_also(best, talk, asked, subjects)])
    if subjects and not subjects & words.content(best[0].text):
        return None
    return f"I'm not sure it answers that, but this is the nearest I have: {_told(best[0], talk, inside=True)}"


def unknown(talk: Talk) -> str | None:
    """Say plainly that nothing of what was told answers a question about the person."""
    if not talk.question or not (_MINE.search(words.bare(talk.question)) or _subjects(talk) & _all_words(talk.known)):
        return None
    return talk.pick(
        (
            "I don't remember that you told me. Tell me now, and I'll know it next time.",
            "That I don't know: I find nothing about it in what you've told me.",
            "Nothing I remember answers that. What is the answer?",
        )
    )


def related(talk: Talk) -> str | None:
    """Find what was told before about somebody or something that a statement mentions."""
    told = words.content(talk.said)
    named = told & frozenset().union(*(words.names(known.text) for known in talk.recalled))
    subjects = _subjects(talk, talk.said) | named
    return next(
        (
            f"I remember what you told me {words.when(known.at, talk.prompt.now)}: {words.quoted(known.text, 120)}"
            for known in talk.recalled
            if (known.speaker, known.kind, known.until) == ("user", "said", None)
            and subjects & words.content(known.text)
            and words.content(known.text) != told
        ),
        None,
    )


def _subjects(talk: Talk, text: str = "") -> frozenset[str]:
    """Return the stems of whom or what a question is about: "my sister", "Maya"; "she" is whoever came before."""
    text = text or talk.question
    if _PRONOUN.search(text):
        before = talk.prompt.recent[-1].text if talk.prompt.recent else ""
        text = f"{before} {talk.said}"
    owned = frozenset().union(*(words.content(match) for match in _OWNED.findall(text)))
    return words.names(text) | owned


def _all_words(told: Sequence[Known]) -> frozenset[str]:
    return frozenset().union(*(words.content(known.text) for known in told))


def _fit(known: Known, asked: frozenset[str], subjects: frozenset[str]) -> tuple[int, bool, float]:
    content = words.content(known.text)
    return (len(content & asked) + 2 * len(content & subjects), known.until is None, known.at)


def _answers(known: Known, talk: Talk, asked: frozenset[str], subjects: frozenset[str]) -> bool:
    """Say whether *known* is about the question's subject and has what it asks for."""
    content = words.content(known.text)
    if subjects and not subjects & content:
        return False
    if len(asked & content) * 2 > len(asked):
        return True
    word = next((word for word in _FITTING if word in words.bare(talk.question)), "")
    return bool(word and _FITTING[word].search(known.text[1:]) and asked & content)


def _also(best: Sequence[Known], talk: Talk, asked: frozenset[str], subjects: frozenset[str]) -> list[str]:
    """Add the next one if it fits as well."""
    first, *others = best
    again = [known for known in others[:1] if _fit(known, asked, subjects)[0] == _fit(first, asked, subjects)[0]]
    return [f"And {_told(known, talk, inside=True)}" for known in again if _answers(known, talk, asked, subjects)]


def _told(known: Known, talk: Talk, *, inside: bool = False) -> str:
    quote, day = words.quoted(known.text), words.when(known.at, talk.prompt.now)
    if known.until is not None:
        end = words.when(known.until, talk.prompt.now).removeprefix("on ")
        return f"{'until' if inside else 'Until'} {end} it was so: {quote}"
    if known.kind == "fact":
        return f"{'what' if inside else 'What'} I know since {day.removeprefix('on ')}: {quote}"
    who = ("you" if inside else "You") if known.speaker == "user" else known.speaker
    return f"{who} told me {day}: {quote}"


def _joined(lines: Sequence[str]) -> str:
    return lines[0] if len(lines) == 1 else f"{', '.join(line.rstrip('.') for line in lines[:-1])}, and {lines[-1]}"
