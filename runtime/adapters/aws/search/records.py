"""A record as a document: what is remembered, the words it is found by, and those of its neighbours in the session.

Every document has what a search needs of those around it, so that a turn's question is one round trip. A neighbour's
words are hashes with an end: one that has expired counts no more, wherever it is still written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal

import msgspec
from msgspec import Struct, structs

from runtime.adapters.aws.search.names import begun, key, tokens
from runtime.conversation import Memory
from runtime.recall.words import indexed

FOREVER: Final = 1e300
"""When what has no end expires, as a number that can be compared."""
BESIDE: Final = ("b1", "a1")
"""The fields of those right before and right after; `b2` and `a2` are one further."""
AROUND: Final = ("b2", "b1", "a1", "a2")


Role = Literal["said", "past", "fact"]


class Neighbour(Struct, frozen=True):
    """Who stands beside a record: *words* are those of the index, *until* is when they count no more."""

    key: str
    id: str
    words: str
    until: float


class Record(Struct, frozen=True):
    """One document.

    *role* says what it is found as: `said`, `past` (said, and put right since) or `fact`. *until* is when it expires,
    *size* the number of its words. *vector* is of *model*; *nearby* is the sum of those of *nearby_model* that it and
    those right beside it have, for a sum's product with a question is the sum of theirs.
    """

    memory: Memory
    owner: str = ""
    key: str = ""
    role: Role = "said"
    until: float = FOREVER
    words: str = ""
    size: int = 0
    begun: tuple[str, ...] = ()
    b2: Neighbour | None = None
    b1: Neighbour | None = None
    a1: Neighbour | None = None
    a2: Neighbour | None = None
    vector: tuple[float, ...] | None = None
    model: str | None = None
    nearby: tuple[float, ...] | None = None
    nearby_model: str | None = None

    @property
    def place(self) -> tuple[float, str]:
        """Where it stands in its session."""
        return self.memory.at, self.key


_FIELDS: Final = {field.name: field.type for field in structs.fields(Record) if field.name != "memory"}


def made(owner: str, memory: Memory) -> Record:
    """Return *memory*, whose end is known, as it is found by its words; nothing stands beside it yet."""
    words = tokens(owner, indexed(memory.text, memory.speaker, memory.at))
    return Record(
        memory,
        owner=owner,
        key=key(owner, memory.id),
        role=_role(memory),
        until=FOREVER if memory.expires is None else memory.expires,
        words=" ".join(words),
        size=len(words),
        begun=tuple(begun(owner, memory.text)),
    )


def _role(memory: Memory) -> Role:
    if memory.kind == "fact":
        return "fact"
    return "said" if memory.valid_until is None else "past"


def document(record: Record) -> dict[str, Any]:
    """Return *record* as it is written."""
    fields = {name: value for name, value in structs.asdict(record).items() if value is not None}
    return {**fields, "memory": structs.asdict(record.memory)}


def window(record: Record) -> dict[str, Any]:
    """Return the part of *record* that changes with its neighbours; what is not there is null, to take its place."""
    return {name: getattr(record, name) for name in (*AROUND, "nearby", "nearby_model")}


def record(source: Mapping[str, Any]) -> Record:
    """Return the record that a document is of; parts that were not asked for are as if they were not there."""
    known = {name: msgspec.convert(source[name], of) for name, of in _FIELDS.items() if name in source}
    return Record(memory(source), **known)


def memory(source: Mapping[str, Any]) -> Memory:
    """Return what is remembered by a document."""
    kept = source["memory"]
    return Memory(**{**kept, "also": tuple((turn, at) for turn, at in kept["also"])})
