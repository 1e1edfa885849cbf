"""From statements to records: under whose name, in which words, for how long, and which older ones they close.

Harmless twice: a turn whose statement a record carries already adds nothing to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID, uuid5

from msgspec import structs

from runtime import policy
from runtime.conversation import Memory
from runtime.extraction.attributes import USER, alike, attribute, sentence, slot
from runtime.extraction.statement import Statement
from runtime.extraction.timeline import told
from runtime.ports import Memories

_FACTS: Final = UUID("2c9a7f0a-58a1-5d35-9f53-5f6f0e1a7d10")
_DAY: Final = 86_400.0
_MOST: Final = 16


async def acquainted(memories: Memories, user: str) -> dict[str, str]:
    """Return whom *user* has named, and what each is to them."""
    people = await memories.facts(user, attribute="relation")
    return {fact.subject: fact.value for fact in people if fact.valid_until is None}


async def learn(memories: Memories, user: str, turn: str, at: float, statements: Sequence[Statement]) -> int:
    """Write what *user* stated in *turn*, said at *at*; return how many records that made or changed."""
    known = await acquainted(memories, user)
    known |= {one.subject: one.value for one in statements if one.attribute == "relation"}
    facts = _facts(user, turn, at, statements[:_MOST], known)
    written = 0
    for fact in facts:
        for changed in told(await memories.facts(user, fact.subject), fact):
            await memories.write(user, changed)
            written += 1
    for name in dict.fromkeys(fact.subject for fact in facts if fact.attribute == "relation"):
        await _introduce(memories, user, name, known)
    return written


def _facts(
    user: str, turn: str, at: float, statements: Iterable[Statement], known: Mapping[str, str]
) -> Sequence[Memory]:
    """Return the statements as records, the last word on each thing only."""
    facts = [_fact(user, turn, at, _named(one, known), known) for one in statements]
    return list({(fact.subject, slot(fact)): fact for fact in facts if fact.text}.values())


def _named(stated: Statement, known: Mapping[str, str]) -> Statement:
    """Return what is *stated* of "my sister" under her name, if there is just one that is known."""
    names = [name for name, relation in known.items() if f"my {relation}" == stated.subject]
    return replace(stated, subject=names[0]) if len(names) == 1 else stated


def _fact(user: str, turn: str, at: float, stated: Statement, known: Mapping[str, str]) -> Memory:
    kind = attribute(stated.attribute)
    days = getattr(policy.load().retention, kind.keep)
    named = "\n".join((user, stated.subject, stated.attribute, alike(stated.value), turn))
    return Memory(
        id=str(uuid5(_FACTS, named)),
        text=sentence(stated.subject, stated.attribute, stated.value, known.get(stated.subject, stated.relation)),
        kind="fact",
        speaker=USER,
        at=at,
        valid_from=at,
        expires=at + days * _DAY if days else None,
        importance=kind.importance,
        source=turn,
        subject=stated.subject,
        attribute=stated.attribute,
        value=stated.value,
    )


async def _introduce(memories: Memories, user: str, name: str, known: Mapping[str, str]) -> None:
    """Let older facts say who *name* is, those about "my sister" too where she is the only one."""
    relation = known[name]
    alone = [other for other, what in known.items() if what == relation] == [name]
    older = list(await memories.facts(user, name))
    older += await memories.facts(user, f"my {relation}") if alone else []
    for fact in older:
        said = sentence(name, fact.attribute, fact.value, relation)
        if fact.corrected is None and (fact.text, fact.subject) != (said, name):
            await memories.write(user, structs.replace(fact, text=said, subject=name))
