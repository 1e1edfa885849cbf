"""Cuts what was said into clauses that state something, and leaves out all that may not be so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from runtime.extraction.rules.words import DOUBTFUL, OPENING, SIGNS, UNREAL

_LONGEST: Final = 300
_OPENINGS: Final = 4
_ABBREVIATION: Final = re.compile(r"\b(St|Dr|Mr|Mrs|Ms|Mt|No|vs)\.(?=\s)")
_SENTENCE: Final = re.compile(r"[^.!?…\n]+(?:\.(?=\S)[^.!?…\n]+)*[.!?…]*")
_SHOUTED: Final = re.compile(r"\b(?:LOVE|ADORE|ENJOY|SO|REALLY|LIKE|GREAT)\b")
_VERBS: Final = (
    r"(?:lives?|works?|stud(?:y|ies)|loves?|likes?|hates?|enjoys?|have|has|am|is|are|was|were|speaks?|plays?|comes?|moved|"
    r"just|now|also|dislikes?|turned|don't|doesn't|can't)\b"
)
_PRONOUNS: Final = r"(?i:I|we|he|she|they|it|his|her|their|my|our)\b"
_CUT: Final = re.compile(
    r"\s*;\s*|\s+[–—-]+\s+|,?\s+(?i:but|because|so|though|although|while|whereas)\s+(?:then\s+)?"
    rf"|(?:,\s*(?:and\s+)?|\s+and\s+)(?={_PRONOUNS})"
    r"|(?:,\s*(?:and\s+)?|\s+and\s+)(?=[A-Z][\w-]*(?:'s)?\s+(?:is|was|lives|works|moved|loves|likes|hates|has|birthday)\b)"
    rf"|(?P<same>,?\s+(?:and then|and|then)\s+(?=(?i:{_VERBS})))",
)
_SUBJECT: Final = re.compile(
    r"(?P<who>(?i:I|we|he|she|they|it)\b|(?i:my)(?:\s+[\w-]+){1,3}?|[A-Z][\w-]+)"
    rf"(?='|\s+(?:[a-z]+ly\s+)?(?i:{_VERBS}))",
)


def clauses(text: str) -> Iterator[str]:
    """Yield the clauses of *text* that state something, each with a subject of its own."""
    plain = " ".join(_ABBREVIATION.sub("\\1\N{ONE DOT LEADER}", text.replace("’", "'").replace("‘", "'")).split(" "))
    if UNREAL.search(plain):
        return
    sentences: list[str] = _SENTENCE.findall(plain)
    if any(sentence.strip(" .!?…").lower() in {"not", "nope", "psych"} for sentence in sentences):
        return
    for sentence in sentences:
        yield from _stated(" ".join(sentence.split()).replace("\N{ONE DOT LEADER}", "."))


def _stated(sentence: str) -> Iterator[str]:
    """Yield the clauses of one *sentence*: none of one that asks, doubts, quotes, shouts or goes on for ever."""
    if len(sentence) > _LONGEST or sentence.endswith("?"):
        return
    statement = _without_opening(sentence.rstrip(".!… "))
    if DOUBTFUL.search(statement) or SIGNS.search(statement) or _SHOUTED.search(statement):
        return
    subject = ""
    for same, part in _parts(statement):
        clause = _without_opening(part)
        if same:
            clause = f"{subject} {clause}"
        elif match := _SUBJECT.match(clause):
            subject = match["who"]
        if subject or not same:
            yield clause


def _parts(statement: str) -> Iterator[tuple[bool, str]]:
    """Yield what lies between the cuts, and whether it goes on about the same subject."""
    begin, same = 0, False
    for cut in _CUT.finditer(statement):
        yield same, statement[begin : cut.start()]
        begin, same = cut.end(), cut["same"] is not None
    yield same, statement[begin:]


def _without_opening(text: str) -> str:
    for _ in range(_OPENINGS):
        match = OPENING.match(text)
        if not match or match.end() == len(text):
            break
        text = text[match.end() :]
    return text.strip()
