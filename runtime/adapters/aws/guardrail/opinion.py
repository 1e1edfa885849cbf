"""What somebody finds in a text, by its places, and how several opinions on it become one verdict.

A service judges a chunk together with what is out of its sentence already, and speaks of the whole. What lies wholly in
what is out is not judged again; what reaches into the chunk is masked as far as it does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import attrgetter

from runtime.conversation import Passage, Verdict
from runtime.policy import Finding, masked


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is wrong with a text: *rule* refuses all of it, *blocked* places refuse it, *hidden* ones are masked."""

    rule: str = ""
    blocked: tuple[Finding, ...] = ()
    hidden: tuple[Finding, ...] = ()


def verdict(passage: Passage, opinions: Iterable[Opinion]) -> Verdict:
    """Return the strictest of what *opinions* on `before` and `text` in one make of the passage."""
    opinions, offset = list(opinions), len(passage.before)
    blocked = [opinion.rule for opinion in opinions if opinion.rule]
    blocked += [place.entity for opinion in opinions for place in _within(opinion.blocked, offset)]
    if blocked:
        return Verdict("block", "", blocked[0])
    hidden = list(_apart(place for opinion in opinions for place in _within(opinion.hidden, offset)))
    if hidden:
        return Verdict("mask", masked(passage.text, hidden), hidden[0].entity)
    return Verdict("allow", passage.text)


def places(text: str, match: str, entity: str) -> tuple[Finding, ...]:
    """Return every place of *match* in *text*; none where it is not in there."""
    found: list[Finding] = []
    start = text.find(match) if match else -1
    while start >= 0:
        found.append(Finding(start, start + len(match), entity))
        start = text.find(match, start + len(match))
    return tuple(found)


def _within(found: Iterable[Finding], offset: int) -> Iterator[Finding]:
    """Yield what of *found* reaches behind *offset*, counted from there."""
    return (Finding(max(start - offset, 0), end - offset, entity) for start, end, entity in found if end > offset)


def _apart(found: Iterable[Finding]) -> Iterator[Finding]:
    """Yield *found* in order, those that overlap as one."""
    merged: Finding | None = None
    for place in sorted(found, key=attrgetter("start")):
        if merged is None or place.start >= merged.end:
            if merged is not None:
                yield merged
            merged = place
        elif place.end > merged.end:
            merged = Finding(merged.start, place.end, merged.entity)
    if merged is not None:
        yield merged
