"""A record as a document: what is remembered, the words it is found by, and those of its neighbours in the session.

Every document has what a search needs of those around it, so that a turn's question is one round trip. A neighbour's
words are hashes with an end: one that has expired counts no more, wherever it is still written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, Literal

from msgspec import Struct

from runtime.adapters.aws.search import cards
from runtime.adapters.aws.search.cards import FOREVER, Card, Neighbour
from runtime.adapters.aws.search.names import begun, key, tokens
from runtime.conversation import Memory
from runtime.recall.words import indexed

DIGITS: Final = 5
"""Of each number of a vector: documents are text, and half of a sum would be its last digits. Products keep four."""
Role = Literal["said", "past", "fact"]
"""What a record is found as: `past` was said, and put right since."""


class Record(Struct, frozen=True):
    """One document.

    *vector* is of *model*; *nearby* is the sum of those of *nearby_model* that it and those right beside it have, for a
    sum's product with a question is the sum of theirs.
    """

    owner: str
    card: Card
    vector: tuple[float, ...] | None = None
    model: str | None = None
    nearby: tuple[float, ...] | None = None
    nearby_model: str | None = None

    @property
    def memory(self) -> Memory:
        """What is remembered."""
        return self.card.memory

    @property
    def role(self) -> Role:
        """What it is found as."""
        if self.memory.kind == "fact":
            return "fact"
        return "said" if self.memory.valid_until is None else "past"


def made(owner: str, memory: Memory) -> Record:
    """Return *memory*, whose end is known, as it is found by its words; nothing stands beside it yet."""
    words = " ".join(tokens(owner, indexed(memory.text, memory.speaker, memory.at)))
    until = FOREVER if memory.expires is None else memory.expires
    return Record(owner, Card(memory, key(owner, memory.id), until, words))


def document(record: Record) -> dict[str, Any]:
    """Return *record* as it is written."""
    card, memory = record.card, record.memory
    fields = {
        "owner": record.owner,
        "key": card.key,
        "role": record.role,
        "until": card.until,
        "at": memory.at,
        **{name: getattr(memory, name) for name in ("session", "speaker", "source", "subject", "attribute")},
        "words": card.words,
        "size": len(card.words.split()),
        "begun": begun(record.owner, memory.text),
        "vector": record.vector,
        "model": record.model,
        **window(record),
    }
    return {name: value for name, value in fields.items() if value is not None}


def window(record: Record) -> dict[str, Any]:
    """Return the part of *record* that changes with its neighbours; what is not there is null, to take its place."""
    card = record.card
    return {
        **cards.written(card),
        "nearby_words": _joined(card.words, (card.b1, card.a1)),
        "around_words": _joined(card.words, (card.b2, card.b1, card.a1, card.a2)),
        "nearby": record.nearby,
        "nearby_model": record.nearby_model,
    }


def record(source: Mapping[str, Any]) -> Record:
    """Return the record that a document is of."""
    vectors = {name: source[name] for name in ("vector", "nearby") if source.get(name) is not None}
    return Record(
        source["owner"],
        cards.card(source),
        model=source.get("model"),
        nearby_model=source.get("nearby_model"),
        **{name: tuple(vector) for name, vector in vectors.items()},
    )


def _joined(words: str, beside: Iterable[Neighbour | None]) -> str:
    return " ".join([words, *(one.words for one in beside if one is not None)])
