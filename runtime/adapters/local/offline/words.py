"""What can be told of English sentences without understanding them: their words, whether they ask, whose they are."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from runtime import prompt as prompts
from runtime.adapters.local.offline import book

QUOTE = 200
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+")
_WORD = re.compile(r"[^\W_]+(?:['\-][^\W_]+)*")
_ASKS = re.compile(
    r"^(?:(?:so|and|but|ok|okay|well|hey|companion|please)[,\s]+)*(?:"
    r"(?:who|what|when|where|why|how|which|whose)(?:'s|'re|\s+(?:is|are|am|was|were|do|does|did|can|could|will|would|"
    r"should|has|have|many|much|old|long|far|often|else|about|kind|time|day|year|colou?r))\b"
    r"|(?:do|does|did|is|are|was|were|can|could|will|would|should|has|am|have)\s+(?:i|you|we|he|she|it|they|my|the|your|"
    r"our|there|this|that|any)\b"
    r"|(?:tell|remind)\s+me\s+(?:about|what|where|when|who|how|again|a|the|of|my|something|more)\b)",
    re.IGNORECASE,
)


def plain(text: str) -> str:
    """Return *text* on one line with straight apostrophes."""
    return " ".join(text.replace("’", "'").replace("‘", "'").split())


def bare(text: str) -> str:
    """Return *text* in lower case without punctuation at its ends or between its words."""
    return " ".join(_WORD.findall(plain(text).lower()))


def sentences(text: str) -> list[str]:
    """Cut *text* into its sentences."""
    return [sentence for sentence in _SENTENCE_END.split(text.strip()) if sentence]


def asks(sentence: str) -> bool:
    """Say whether *sentence* wants an answer."""
    return sentence.rstrip("\"') ").endswith("?") or bool(_ASKS.match(sentence))


def stem(word: str) -> str:
    """Return what *word* has in common with its other forms and with words that mean nearly the same."""
    short = word.lower().removesuffix("'s").removesuffix("'")
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "e"):
        if short.endswith(ending) and len(short) - len(ending) >= 3:  # noqa: PLR2004 - what is left is still a word
            short = short.removesuffix(ending) + ("y" if ending in {"ied", "ies"} else "")
            break
    return book.ALIKE.get(short, short)


def content(text: str) -> frozenset[str]:
    """Return the stems of the words of *text* that say what it is about."""
    return frozenset(stem(word) for word in _WORD.findall(plain(text)) if word.lower() not in book.EMPTY)


def names(text: str) -> frozenset[str]:
    """Return the stems of the capitalised words of *text* that are not the first of a sentence."""
    found = re.findall(r"(?<=[^.!?…\s]\s)[A-Z][^\W\d_]+(?:'s)?", plain(text))
    return frozenset(stem(word) for word in found if word.lower() not in book.EMPTY)


def turned(sentence: str) -> str:
    """Turn what a person says of themselves into what is said to them: "I miss my dog" into "you miss your dog"."""
    text = re.sub(r"\bI am\b", "I're", plain(sentence).rstrip(".!… "))
    text = re.sub(r"\bI was\b", "you were", text, flags=re.IGNORECASE)
    text = text.replace("I're", "you are")
    text = _WORD.sub(lambda word: book.TURNED.get(word[0].lower(), word[0]), text)
    first, _, others = text.partition(" ")
    return f"{first.lower() if first.lower() in book.LOWERED else first} {others}".rstrip()


def quoted(text: str, limit: int = QUOTE) -> str:
    """Return *text* in quotation marks, cut at a word to *limit* characters."""
    line = plain(text).replace('"', "'")
    if len(line) > limit:
        line = line[: limit - 1].rsplit(" ", 1)[0].rstrip(",;:- ") + "…"
    return f'"{line}"' if line[-1:] in {".", "!", "?", "…"} else f'"{line}."'


def when(at: float, now: float) -> str:
    """Say the day of *at* as seen from *now*."""
    days = (datetime.fromtimestamp(now, UTC).date() - datetime.fromtimestamp(at, UTC).date()).days
    if days in {0, 1}:
        return "yesterday" if days else "earlier today"
    date = prompts.day(at)
    return "on " + (date.removesuffix(prompts.day(now)[-5:]) if days > 0 else date)
