"""What remembers, and how it is asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

from runtime.conversation import (
    Exchange,
    Memory,
    Said,
)

T = TypeVar("T")


class Page(Struct, Generic[T], frozen=True):
    """A part of a longer list; *cursor* asks for what comes after it, None: that was all."""

    items: tuple[T, ...]
    cursor: str | None


class Vector(Struct, frozen=True):
    """A text's place among all meanings, of length 1; comparable with others of the same *model* alone."""

    model: str
    numbers: Sequence[float]


class Cue(Struct, frozen=True):
    """What to look for: the question as asked, its content words, and the instant it was asked at.

    *speakers* are words that may name who said it (`user` for "I"). *dates* are spans (from, before) that the question
    names; *only* is the one it is limited to. *vector* is what it means, where that is known. *about* are the
    attributes of facts that it asks for.
    """

    text: str
    words: tuple[str, ...]
    at: float
    speakers: frozenset[str] = frozenset()
    dates: tuple[tuple[float, float], ...] = ()
    only: tuple[float, float] | None = None
    vector: Vector | None = None
    about: frozenset[str] = frozenset()


class Candidate(Struct, frozen=True, gc=False):
    """A memory that a store found, with the raw score of each leg that found it (higher is better).

    A struct and no dataclass: scores of them are made for each turn, and this makes them eight times as fast.

    The legs: `words` (its own text), `nearby` (with those right before and after it), `around` (with two before and
    two after), `date` (it lies in `cue.only`); of a fact, which has no neighbours and is found in any span, `fact` (its
    text). Where the cue has a vector also `meaning` (how near the text's is to it) and `meaning_nearby` (with those
    right before and after it). *before* and *after* are the ids of its neighbours in the session, where those are
    candidates too.
    """

    memory: Memory
    scores: dict[str, float]
    before: str | None = None
    after: str | None = None


class Memories(Protocol):
    """The long-term memory: what was said and what follows from it, per user, ranked by `recall` and not here."""

    async def remember(self, user: str, said: Said) -> None:
        """Keep *said*, findable by its words and its neighbours' in the session; the same id replaces the text.

        One that the user put right by hand (`Memory.corrected`) stays as they put it.
        """

    async def write(self, user: str, memory: Memory) -> None:
        """Keep *memory* as it is given, under its id; without an end of its own it is kept as long as its kind is."""

    async def facts(self, user: str, subject: str = "", attribute: str = "") -> Sequence[Memory]:
        """Return the facts about *subject* with *attribute* (empty: any), oldest first, the closed ones as well."""

    async def search(self, user: str, cue: Cue, limit: int) -> Sequence[Candidate]:
        """Return the candidates for *cue*, at least the best *limit* of each leg, none of them expired.

        The newest facts of the attributes in `cue.about` are candidates too, whatever their words. Where anything said
        lies in `cue.only`, nothing else that was said is a candidate, and the newest of it are, whatever their words.
        Nothing said that has an end (`Memory.valid_until`) is a candidate: it speaks of what was put right since.
        """

    async def read(self, user: str, memory: str) -> Memory | None:
        """Return one memory that is not expired."""

    async def page(self, user: str, query: str, limit: int, cursor: str | None) -> Page[Memory]:
        """Return what is remembered: the best first where there is a *query*, else the newest first.

        Raises `BadFrame` for a *cursor* that no page of this store returned.
        """

    async def forget(self, user: str, memory: str) -> Memory | None:
        """Drop a memory and all that was said in its turns, their words in every window too; return what it was.

        A fact that other turns say as well stays with these; what a fact that goes had replaced is valid again.
        """


class Vectors(Protocol):
    """One vector for each thing that was said, beside it in the store and gone with it, found by `Memories.search`."""

    async def speakers(self, user: str) -> frozenset[str]:
        """Return who speaks in what is remembered."""

    async def lacking(self, user: str, model: str, limit: int) -> Sequence[Memory]:
        """Return at most *limit* of what was said that has no vector of *model* for its text as it is now."""

    async def keep(self, user: str, model: str, vectors: Sequence[tuple[Memory, Sequence[float]]]) -> None:
        """Keep the vector of each memory that is still there with the same text, in place of an older one."""


class Recent(Protocol):
    """The hot memory: finished turns in the order of their admission, for as long as the policy keeps them."""

    async def add(self, exchange: Exchange) -> None:
        """Keep *exchange* under its user and turn; again with the same replaces it."""

    async def read(self, user: str, turn: str) -> Exchange | None:
        """Return one exchange that is not expired."""

    async def latest(self, user: str, limit: int, before: str | None = None) -> Page[Exchange]:
        """Return exchanges that are not expired, newest first; *before* is a cursor of this store.

        Raises `BadFrame` for a *before* that no page of this store returned.
        """

    async def drop(self, user: str, turn: str) -> None:
        """Forget one exchange; one that is not there is none the less dropped."""
