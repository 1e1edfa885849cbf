"""Which of a subject's facts hold when: each is as long as nothing newer took its place.

All is made from the mentions (who said what in which turn) that the records carry, so that the order in which they come
does not count, and a turn that is forgotten leaves what would be if it had never been said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID, uuid5

from msgspec.structs import replace

from runtime.conversation import Memory
from runtime.extraction.attributes import alike, slot

_AGAIN: Final = UUID("0d8b2f5e-3c57-5f0e-8a53-9f4b1c6f7a22")


@dataclass(frozen=True, slots=True)
class _Mention:
    at: float
    turn: str
    fact: Memory

    @property
    def state(self) -> tuple[str, str]:
        return self.fact.attribute, alike(self.fact.value)


def told(facts: Sequence[Memory], new: Memory) -> list[Memory]:
    """Return those of a subject's *facts* that *new*, said in one turn, adds or changes; none where it adds nothing."""
    place = [fact for fact in facts if fact.subject == new.subject and slot(fact) == slot(new)]
    if any(_settles(fact, new) for fact in place) or any(_replaced(fact, new) for fact in facts):
        return []
    known = {fact.id: fact for fact in place}
    return [fact for fact in _held(_mentions([*place, new]), _ends(place), new.id) if known.get(fact.id) != fact]


def without(facts: Sequence[Memory], turns: Collection[str]) -> tuple[list[Memory], list[str]]:
    """Return which of *facts* change and the ids of those that go, once *turns* were never said."""
    places: defaultdict[tuple[str, str], list[Memory]] = defaultdict(list)
    for fact in facts:
        places[fact.subject, slot(fact)].append(fact)
    changed: list[Memory] = []
    gone: list[str] = []
    for place in places.values():
        if all(turn not in turns for fact in place for turn in fact.sources):
            continue
        left = {
            fact.id: fact for fact in _held((one for one in _mentions(place) if one.turn not in turns), _ends(place))
        }
        changed += [left[fact.id] for fact in place if fact.id in left and left[fact.id] != fact]
        gone += [fact.id for fact in place if fact.id not in left]
    return changed, gone


def _settles(fact: Memory, new: Memory) -> bool:
    """Say whether *fact* has *new*'s turn already, or was put right by the user after it.

    One that ended, from a turn that states something else by now, is what the user put right there.
    """
    if new.source in fact.sources:
        return fact.valid_until is None or alike(fact.value) == alike(new.value)
    return fact.corrected is not None and fact.at <= new.at <= fact.corrected


def _replaced(fact: Memory, new: Memory) -> bool:
    """Say whether *fact* is what the user made of *new*, with another value and so maybe in another place."""
    return fact.corrected is not None and fact.attribute == new.attribute and new.source in fact.sources


def _mentions(facts: Iterable[Memory]) -> list[_Mention]:
    return [_Mention(at, turn, fact) for fact in facts for turn, at in ((fact.source or "", fact.at), *fact.also)]


def _ends(place: Sequence[Memory]) -> dict[str, float]:
    """Return when facts ended that nothing newer ended: the user put right what they came from."""
    begun = {fact.at for fact in place}
    return {
        fact.id: fact.valid_until for fact in place if fact.valid_until is not None and fact.valid_until not in begun
    }


def _held(mentions: Iterable[_Mention], ends: Mapping[str, float], fresh: str = "") -> list[Memory]:
    """Return the facts that *mentions* of one place make, oldest first; *fresh* names one that is no record yet."""
    ordered = sorted(mentions, key=lambda mention: (mention.at, mention.turn))
    facts: list[Memory] = []
    for _, run in groupby(ordered, key=lambda mention: mention.state):
        fact = _fact(list(run), {fact.id for fact in facts}, fresh)
        end = ends.get(fact.id, 0.0)
        fact = replace(fact, valid_until=end) if _last(fact) < end else fact
        if facts:
            facts[-1] = replace(facts[-1], valid_until=min(fact.at, facts[-1].valid_until or fact.at))
            fact = replace(fact, replaces=facts[-1].id)
        facts.append(fact)
    return facts


def _fact(run: Sequence[_Mention], taken: Collection[str], fresh: str) -> Memory:
    """Return the one record of what was said in a row, under the name that it was first given, if that is free."""
    kept = min(
        (mention.fact for mention in run),
        key=lambda fact: (fact.corrected is None, fact.id == fresh, fact.at, fact.id),
    )
    first, *others = run
    lasts = None if kept.expires is None else kept.expires - _last(kept)
    return replace(
        kept,
        id=str(uuid5(_AGAIN, f"{kept.id}\n{first.turn}")) if kept.id in taken else kept.id,
        at=first.at,
        source=first.turn or None,
        also=tuple((mention.turn, mention.at) for mention in others),
        valid_from=first.at,
        valid_until=None,
        replaces=None,
        expires=None if lasts is None else run[-1].at + lasts,
    )


def _last(fact: Memory) -> float:
    return max([fact.at, *(at for _, at in fact.also)])
