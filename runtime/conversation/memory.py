"""What is kept of what was said: exchanges for a while, memories for longer."""

from __future__ import annotations

from typing import Literal
from uuid import UUID, uuid5

from msgspec import Struct

_MEMORIES = UUID("6a1f4c1e-0f6b-5b0e-9d0a-3f2a6d0c7b11")


class Exchange(Struct, frozen=True):
    """A finished turn as the hot memory keeps it: what was said and what was heard of the reply."""

    user: str
    turn: str
    at: float
    text: str
    reply: str


class Said(Struct, frozen=True):
    """One utterance to be remembered; *speaker* is a name, `user` or `companion`, *session* groups several.

    *source* is the turn it was said in: what has one source is forgotten together.
    """

    id: str
    session: str
    speaker: str
    at: float
    text: str
    source: str | None = None


class Memory(Struct, frozen=True, gc=False):
    """A long-term record: something said (`said`) or a closed statement drawn from it (`fact`).

    Thousands are in memory, where a collector of garbage need not look at them.

    Of a fact: *subject* (`user` or a name), *attribute* and *value* are what it states; *source* is the turn it was
    first said in, *also* are the turns, with their instants, that said it again; *corrected* is when the user put it
    right by hand.
    """

    id: str
    text: str
    kind: Literal["said", "fact"]
    speaker: str
    at: float
    session: str = ""
    valid_from: float | None = None
    valid_until: float | None = None
    expires: float | None = None
    importance: float = 0.5
    source: str | None = None
    replaces: str | None = None
    subject: str = ""
    attribute: str = ""
    value: str = ""
    also: tuple[tuple[str, float], ...] = ()
    corrected: float | None = None

    @property
    def sources(self) -> tuple[str, ...]:
        """The turns it comes from: it lives as long as one of them does."""
        first = () if self.source is None else (self.source,)
        return (*first, *(turn for turn, _ in self.also))


class Recalled(Struct, frozen=True, gc=False):
    """A memory found for a question, with its combined score and the legs that found it."""

    memory: Memory
    score: float
    legs: tuple[str, ...]


def memory_id(user: str, turn: str, speaker: str) -> str:
    """Name what *speaker* said in *turn* of *user*: the same each time, so that writing it twice is writing it once."""
    return str(uuid5(_MEMORIES, f"{user}\n{turn}\n{speaker}"))


def tokens(text: str) -> int:
    """Estimate the tokens of *text*: a quarter of its UTF-8 bytes, rounded up.

    OpenAI's rule of thumb for English is four characters a token; other scripts take more tokens a character, roughly
    as they take more bytes. Off by a third for code, names and digits: good for budgets, not for bills.
    """
    return -(-(len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))) // 4)
