"""What it says to something it was told: that it will remember, what it remembers already, and one fitting question."""

from __future__ import annotations

import re

from runtime.adapters.local.offline import boundaries, remembrance, words
from runtime.adapters.local.offline.talk import Talk, introduced

_SHORT = 140
_REMEMBER = re.compile(
    r"^(?:please |can you |could you )*(?:remember|note|keep in mind|don't forget|do not forget)(?: that|:|,)?\s+", re.I
)
_TURNABLE = re.compile(
    r"^(?:(?:yesterday|today|tomorrow|last \w+|next \w+|on \w+|this \w+),? )?(?:I|I'm|I've|I'll|I'd|my|we|we're|we've|our|he|she|they|the)\b"
    r"|^[A-Z]\w+(?: and [A-Z]\w+)? (?:is|was|has|had|lives|likes|loves|moved|works|wants|got|will|went|came|and)\b",
    re.IGNORECASE,
)
_SAD = re.compile(
    r"\b(?:sad|lonely|alone|tired|exhausted|stress\w*|worried|worry|afraid|scared|angry|upset|cry|crying|died|death|passed away|lost my|"
    r"broke up|fired|failed|miss (?:my|him|her|them)|heartbroken|awful|terrible|horrible|bad day|hard day|hard time|nervous|unhappy)\b"
)
_GLAD = re.compile(
    r"\b(?:happy|glad|excited|great|wonderful|amazing|won|passed|promoted|promotion|engaged|married|proud|finally|love|beautiful|"
    r"good news|got the job|new job|born|celebrat\w*|fantastic)\b"
)
_THEY = {
    r"\b(?:sister|mother|mom|mum|daughter|wife|girlfriend|grandmother|grandma|aunt|niece|she|her)\b": (
        "she",
        "is",
        "does",
    ),
    r"\b(?:brother|father|dad|son|husband|boyfriend|grandfather|grandpa|uncle|nephew|he|him|his)\b": (
        "he",
        "is",
        "does",
    ),
    r"": ("they", "are", "do"),
}
_FOLLOW_UPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"\b(?:died|death|passed away|lost my (?:mother|father|dad|mum|mom|friend|dog|cat|husband|wife))\b",
        ("Would you like to tell me about them?",),
    ),
    (
        r"\b(?:sister|brother|mother|mom|mum|father|dad|son|daughter|friend|wife|husband|cousin)\b.*\b(?:mov\w+|lives?|living)\b",
        (
            "How {do} {they} like it there?",
            "Do you visit often?",
        ),
    ),
    (
        r"\b(?:i|we)(?:'m|'re| am| are)? (?:have |just |am |are )?(?:mov(?:ed|ing)|live)\b",
        ("How do you like it there?", "What do you like best about it?"),
    ),
    (r"\b(?:birthday|anniversary|wedding)\b", ("How will it be celebrated?", "Is there a present yet?")),
    (
        r"\b(?:dog|cat|puppy|kitten|pet|horse|rabbit)\b",
        ("What is your animal like?", "How long have you been together?"),
    ),
    (
        r"\b(?:sister|brother|mother|mom|mum|father|dad|son|daughter|wife|husband|girlfriend|boyfriend|friend|cousin|aunt|uncle|grand\w+)\b",
        (
            "How {are} {they} doing?",
            "What {are} {they} like?",
            "When did you last speak?",
        ),
    ),
    (
        r"\b(?:job|work|boss|office|colleagues?|project|meeting|interview|promot\w+)\b",
        ("What do you like about your work?", "How is the mood there?"),
    ),
    (
        r"\b(?:exam|study|studying|university|school|course|class|thesis|learning|learn)\b",
        ("What draws you to it?", "How far along are you?"),
    ),
    (
        r"\b(?:trip|travel\w*|holiday|vacation|flight|flying|journey|visit\w*)\b",
        ("What are you looking forward to?", "Who is coming along?"),
    ),
    (
        r"\b(?:cook\w*|food|eat|dinner|lunch|breakfast|recipe|cake|pasta|pizza|restaurant|coffee|tea)\b",
        ("What is your favourite dish?", "Who did you learn it from?"),
    ),
    (
        r"\b(?:book|reading|novel|film|movie|series|music|song|concert|band|piano|guitar|paint\w*)\b",
        ("What do you like about it?", "What should I know about it?"),
    ),
    (
        r"\b(?:run|running|ran|swim\w*|football|tennis|bike|cycling|gym|hik\w+|climb\w*|yoga|marathon|sport)\b",
        ("How often do you do that?", "How did you come to it?"),
    ),
    (
        r"\b(?:garden|house|flat|apartment|kitchen|room)\b",
        ("What does it look like?", "Which corner do you like best?"),
    ),
    (
        r"\b(?:tomorrow|next (?:week|month|year)|tonight|soon|going to|plan\w*)\b",
        ("How do you feel about it?", "What comes first?"),
    ),
)
_OPEN = (
    "What else should I know?",
    "How did that come about?",
    "How do you feel about it?",
    "Who else is part of that?",
)
_COMFORT = ("What would do you good now?", "Do you want to tell me more?", "Is somebody with you?")


def hear(talk: Talk) -> str:
    """Acknowledge what was told."""
    if not words.content(talk.said) and not introduced(talk.said):
        return talk.pick(
            ("I'm not sure what you mean. Say it in other words?", "I didn't quite get that. Tell me more?")
        )
    parts = [_feeling(talk), _promise(talk), remembrance.related(talk) or "", _follow_up(talk)]
    return " ".join(part for part in parts if part)


def _feeling(talk: Talk) -> str:
    name = introduced(talk.said)
    if name:
        return f"Nice to meet you, {name}!"
    if boundaries.ailing(talk):
        return (
            "I'm sorry to hear it. I'm too small a program to advise on health; if it worries you, please ask a doctor."
        )
    if _SAD.search(talk.bare):
        return talk.pick(("I'm sorry, that sounds hard.", "That sounds heavy. I'm sorry.", "I'm sorry to hear that."))
    if _GLAD.search(talk.bare):
        return talk.pick(("How good to hear!", "That's lovely.", "I'm glad to hear it."))
    return ""


def _promise(talk: Talk) -> str:
    if talk.prompt.private:
        return "I hear you. This turn is private, so I won't keep it."
    told = _REMEMBER.sub("", talk.said)
    statements = [part for part in words.sentences(told) if not words.asks(part)]
    if len(statements) == 1 and _turns_well(statements[0]):
        return f"I'll remember that {words.turned(statements[0])}."
    return talk.pick(("I'll remember that.", "I'll keep that in mind.", "Thank you for telling me; I'll remember it."))


def _turns_well(statement: str) -> bool:
    """Say whether *statement* can be said back: short, the person's own or about others, and not about the companion."""
    second = re.search(r"\byou\b|\byour\b|\byours\b|\bam i\b|\"", statement, re.IGNORECASE)
    return len(statement) <= _SHORT and bool(_TURNABLE.match(statement)) and not second


def _follow_up(talk: Talk) -> str:
    they, be, do = next(forms for pattern, forms in _THEY.items() if re.search(pattern, talk.bare))
    for pattern, questions in _FOLLOW_UPS:
        if re.search(pattern, talk.bare):
            return talk.pick(tuple(question.format(they=they, are=be, do=do) for question in questions))
    return talk.pick(_COMFORT if _SAD.search(talk.bare) or boundaries.ailing(talk) else _OPEN)
