"""One turn of talk as the companion sees it: what was just said, what it knows, and which words to choose."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from runtime.adapters.local.offline import book, words
from runtime.conversation import Prompt

_OPENER = re.compile(
    r"^(?:hi|hello|hey|hiya|good (?:morning|afternoon|evening))(?: there| companion| again)?"
    r"(?:\s*[,.!]+\s+|\s+(?=(?:i'm|i am|my name|it's|this is)\b))(?=\w)",
    re.IGNORECASE,
)
_INTRODUCED = re.compile(
    r"\b(?i:(?:my name is|my name's|call me|people call me|i am called|i'm called))\s+(?P<named>[^\W\d_][\w'\-]*)"
    r"|\b(?:[Ii]'m|[Ii] am|[Tt]his is)\s+(?P<said>[A-Z][^\W\d_]+)(?=\s*(?:$|[.!,]|and\b|from\b|by the way\b))"
)


@dataclass(frozen=True, slots=True)
class Known:
    """Something that the companion was told before: by whom, when, and when it stopped being true."""

    text: str
    at: float
    speaker: str = "user"
    kind: str = "said"
    until: float | None = None


@dataclass(frozen=True)
class Talk:
    """A prompt, and what can be read from it."""

    prompt: Prompt

    @cached_property
    def whole(self) -> str:
        """What was said, on one line."""
        return words.plain(self.prompt.asked)

    @cached_property
    def said(self) -> str:
        """What was said after a greeting, if anything was."""
        return _OPENER.sub("", self.whole, count=1)

    @cached_property
    def greets(self) -> bool:
        """Whether a greeting came before what was said."""
        return self.said != self.whole

    @cached_property
    def bare(self) -> str:
        """What was said without its capitals and punctuation."""
        return words.bare(self.said)

    @cached_property
    def question(self) -> str:
        """The last sentence that asks something; empty where none does."""
        return next((part for part in reversed(words.sentences(self.said)) if words.asks(part)), "")

    @cached_property
    def recalled(self) -> tuple[Known, ...]:
        """What came from the long-term memory, but for questions and what the companion said itself."""
        memories = (found.memory for found in self.prompt.recalled)
        told = [
            Known(
                words.plain(memory.text),
                memory.valid_from or memory.at,
                memory.speaker,
                memory.kind,
                memory.valid_until,
            )
            for memory in memories
            if memory.speaker != "companion"
        ]
        return _distinct(told)

    @cached_property
    def known(self) -> tuple[Known, ...]:
        """All that the person has told, the long-term memory's choice before the recent turns, newest first."""
        recent = [Known(words.plain(exchange.text), exchange.at) for exchange in reversed(self.prompt.recent)]
        return _distinct([*self.recalled, *recent])

    @cached_property
    def name(self) -> str:
        """The person's name, as they last gave it; empty where they did not."""
        told = sorted((known for known in self.known if known.speaker == "user"), key=lambda known: -known.at)
        return next(filter(None, (introduced(text) for text in (self.whole, *(known.text for known in told)))), "")

    def pick(self, options: Sequence[str]) -> str:
        """Choose one of *options*: always the same for the same prompt, and not what was said lately, if possible."""
        replies = " ".join(exchange.reply for exchange in self.prompt.recent)
        fresh = [option for option in options if option not in replies] or list(options)
        return fresh[zlib.crc32(f"{self.whole}|{len(self.prompt.recent)}".encode()) % len(fresh)]


def introduced(text: str) -> str:
    """Return the name by which the speaker of *text* introduces themselves; empty where they do not."""
    for match in _INTRODUCED.finditer(text):
        name: str = match["named"] or match["said"]
        if name.lower() not in book.NO_NAMES:
            return name[0].upper() + name[1:]
    return ""


def _distinct(told: Sequence[Known]) -> tuple[Known, ...]:
    """Leave out what is said twice, what only asks, and what is empty."""
    first: dict[str, Known] = {}
    for known in told:
        statements = " ".join(part for part in words.sentences(known.text) if not words.asks(part))
        if words.content(statements) or introduced(statements):
            first.setdefault(
                words.bare(statements), Known(statements, known.at, known.speaker, known.kind, known.until)
            )
    return tuple(first.values())
