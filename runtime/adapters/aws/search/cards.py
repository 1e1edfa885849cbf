"""What a search reads of a document: a card of it in one column, for its text with its vectors takes 20 times as long.

A column takes no value of 32 KB; a card that is longer stands in the text alone, and is asked for by itself.
"""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64decode
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec
from msgspec import Struct, structs

from runtime.conversation import Memory

CARD: Final = "card"
"""The column."""
LONG: Final = "long_card"
"""The field of those that are too long for it."""
READ: Final = MappingProxyType({"stored_fields": "_none_", "docvalue_fields": [CARD, "key"], "track_total_hits": False})
"""How a query asks for cards."""
FOREVER: Final = 1e15
"""When what has no end expires, as a number that can be compared."""
_LONGEST: Final = 32_000


class Neighbour(Struct, frozen=True, array_like=True, gc=False):
    """Who stands beside a record: *words* are those of the index, *until* is when they count no more."""

    key: str
    words: str
    until: float


class Card(Struct, frozen=True, gc=False):
    """What a search reads of a record; *b1* and *a1* are right before and after it, *b2* and *a2* one further."""

    memory: Memory
    key: str
    until: float = FOREVER
    words: str = ""
    b2: Neighbour | None = None
    b1: Neighbour | None = None
    a1: Neighbour | None = None
    a2: Neighbour | None = None

    @property
    def place(self) -> tuple[float, str]:
        """Where it stands in its session."""
        return self.memory.at, self.key


# As it is kept, by names and without what goes without saying, whatever the memory is in this process.
_Kept: Any = msgspec.defstruct(
    "_Kept",
    [
        (field.name, field.type) if field.required else (field.name, field.type, field.default)
        for field in structs.fields(Memory)
    ],
    omit_defaults=True,
    gc=False,
)
_Beside = Neighbour | None
_CARD: Any = msgspec.json.Decoder(tuple[_Kept, str, float, str, _Beside, _Beside, _Beside, _Beside])


def written(card: Card) -> dict[str, str | None]:
    """Return the fields that *card* is written in; null takes the place of what was there."""
    fields = structs.astuple(card)
    text = msgspec.json.encode((_Kept(*structs.astuple(card.memory)), *fields[1:]))
    if len(text) > _LONGEST:
        return {CARD: None, LONG: text.decode()}
    return {CARD: b64encode(text).decode(), LONG: None}


def card(fields: Mapping[str, Any]) -> Card:
    """Return the card in *fields*, of a document's source or of a hit, which spells its bytes in another way."""
    if (text := fields.get(LONG)) is None:
        [short] = fields[CARD] if isinstance(fields[CARD], list) else [fields[CARD]]
        text = urlsafe_b64decode(short + "==")
    kept, *others = _CARD.decode(text)
    return Card(Memory(*structs.astuple(kept)), *others)
