"""What stands around each record of a session: two before and two after, in the order in which they were said.

Pure: given the stretch of a session around each place where something came, went or changed, it tells which records
have another window than before.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Final

from msgspec import structs

from runtime.adapters.aws.search.cards import Neighbour
from runtime.adapters.aws.search.records import DIGITS, Record

REACH: Final = 4
"""How many on either side of a place must be known: the windows of two, each reaching two further."""
_WINDOW: Final = 2


def rewoven(stretch: Iterable[Record], places: Iterable[tuple[float, str]]) -> dict[str, Record]:
    """Return the records around *places* of one session whose window differs, by their keys, as they are now."""
    ordered = sorted(stretch, key=lambda record: record.card.place)
    where = [record.card.place for record in ordered]
    near: set[int] = set()
    for place in places:
        index = bisect_left(where, place)
        stands = where[index : index + 1] == [place]
        near.update(range(max(index - _WINDOW, 0), min(index + _WINDOW + stands, len(ordered))))
    found = ((ordered[index], _woven(ordered, index)) for index in sorted(near))
    return {record.card.key: record for before, record in found if record != before}


def _woven(ordered: Sequence[Record], index: int) -> Record:
    record, (b2, b1, a1, a2) = ordered[index], (_at(ordered, index + step) for step in (-2, -1, 1, 2))
    beside = [one for one in (record, b1, a1) if one is not None]
    model = next((one.model for one in beside if one.model is not None), None)
    around = {name: _neighbour(one) for name, one in (("b2", b2), ("b1", b1), ("a1", a1), ("a2", a2))}
    return structs.replace(
        record,
        card=structs.replace(record.card, **around),
        nearby=_sum([one.vector for one in beside if one.model == model and one.vector is not None]),
        nearby_model=model,
    )


def _at(ordered: Sequence[Record], index: int) -> Record | None:
    return ordered[index] if 0 <= index < len(ordered) else None


def _neighbour(record: Record | None) -> Neighbour | None:
    return None if record is None else Neighbour(record.card.key, record.card.words, record.card.until)


def _sum(vectors: Sequence[Sequence[float]]) -> tuple[float, ...] | None:
    return tuple(round(sum(numbers), DIGITS) for numbers in zip(*vectors, strict=True)) if vectors else None
