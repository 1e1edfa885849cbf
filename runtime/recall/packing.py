"""The best memories that fit a prompt: none twice, none so long that it takes the others' place."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from msgspec.structs import replace

from runtime.conversation import Recalled, tokens

_LINE: Final = 14
_LONGEST: Final = 200


def pack(recalled: Sequence[Recalled], budget: int = 800) -> tuple[Recalled, ...]:
    """Return the first of *recalled* that fit *budget* tokens, date and speaker included.

    One that does not fit leaves its place to the next; a text over 200 tokens is cut, for its beginning is worth more
    than nothing of it.
    """
    kept: list[Recalled] = []
    seen: set[tuple[str, str]] = set()
    for found in recalled:
        cost = cost_of(found)
        short = found if cost <= _LINE + _LONGEST else _shortened(found)
        cost = min(cost, _LINE + _LONGEST)
        key = (short.memory.speaker, short.memory.text)
        if key in seen or cost > budget:
            continue
        seen.add(key)
        kept.append(short)
        budget -= cost
    return tuple(kept)


def cost_of(found: Recalled) -> int:
    """Estimate the tokens of one memory as it stands in a prompt: its text and a line's date, speaker and quotes."""
    return _LINE + tokens(found.memory.text)


def _shortened(found: Recalled) -> Recalled:
    text = found.memory.text
    if tokens(text) <= _LONGEST:
        return found
    head = text.encode("utf-8", "surrogatepass")[: _LONGEST * 4 - 3].decode("utf-8", "ignore")
    return replace(found, memory=replace(found.memory, text=head + "…"))
