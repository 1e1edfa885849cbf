"""A turn in DynamoDB: one item that lives a day and has everything, one that lives thirty days and has no words.

So TTL takes what was said while the id stays known. The first (`turn#<id>`) is what claims, frames and signals are
conditional writes on; the second (`id#<id>`) is written when the turn is let in and when it ends. Both are read through
`entry_of`, since what is expired may lie there for days.

A frame is a member of the map `frames` under a name that sorts in the order of writing: written twice, it is one frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from runtime.adapters.aws import many
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Table
from runtime.conversation import ID_SECONDS, TEXT_SECONDS, Entry, Heard, State, Turn

ROOM: Final = 128 * 1024
"""The most bytes of durable frames: a third of what DynamoDB takes, and ten times the longest answer that is asked for.

The rest of the item is a text of at most 16 KB, a timeline of a few, and the frames' names.
"""

FAILED: Final = "failed"
"""What stands in the attribute of that name, which makes the index of them, wherever a turn has failed."""

_timeline: Final = msgspec.json.Decoder(tuple[tuple[int, int], ...])


async def read(table: Table, user: str, turn: str, now: float) -> Entry | None:
    """Return one row as it is to be seen at *now*."""
    fields = await table.get(live_key(user, turn))
    if fields is None or not is_fresh(fields, now):
        fields = await table.get(id_key(user, turn))
    return None if fields is None else entry_of(fields, now)


async def read_many(table: Table, ids: Sequence[type_of_fields], now: float) -> list[Entry]:
    """Return the rows whose items without words are *ids*, in that order, as they are to be seen at *now*."""
    keys = [live_key(one["user_id"], turn_of(one)) for one in ids if is_fresh(one, now)]
    living = {(one["user_id"], turn_of(one)): one for one in await many.read(table, keys)}
    entries = [entry_of(living.get((one["user_id"], turn_of(one)), one), now) for one in ids]
    return [entry for entry in entries if entry is not None]


def live_key(user: str, turn: str) -> type_of_fields:
    """Return the key of the item with everything."""
    return {"user_id": user, "item": f"turn#{turn}"}


def id_key(user: str, turn: str) -> type_of_fields:
    """Return the key of the item that lives as long as the id is known."""
    return {"user_id": user, "item": f"id#{turn}"}


def live(entry: Entry, epoch: int) -> type_of_fields:
    """Return *entry* as the item with everything, under *epoch*."""
    turn = entry.turn
    return {
        **_both(entry, epoch),
        **live_key(turn.user, turn.id),
        **words(entry),
        "attached": 0,
        "expires_at": math.ceil(turn.admitted + TEXT_SECONDS),
    }


def known(entry: Entry, epoch: int) -> type_of_fields:
    """Return *entry* as the item without words, under *epoch*; one that failed is in the index of those."""
    turn = entry.turn
    return {
        **_both(entry, epoch),
        **id_key(turn.user, turn.id),
        "failed": FAILED if entry.state is State.FAILED else None,
        "expires_at": math.ceil(turn.admitted + ID_SECONDS),
    }


def words(entry: Entry) -> type_of_fields:
    """Return what of *entry* lives a day."""
    return {
        "text": entry.turn.text,
        "timeline": msgspec.json.encode(entry.timeline),
        "frames": {f"{0:08}_{number:012}": frame for number, frame in enumerate(entry.frames)},
        "written": sum(map(len, entry.frames)),
    }


def heard(value: Heard) -> type_of_fields:
    """Return *value* as the attribute `stop` keeps it."""
    return {"ms": value.ms, "chars": value.chars}


def is_fresh(fields: type_of_fields, now: float) -> bool:
    """Say whether the words of an item are still to be seen."""
    return bool(now - fields["admitted"] < TEXT_SECONDS)


def entry_of(fields: type_of_fields, now: float) -> Entry | None:
    """Return an item as it is to be seen: without words once their day is over, None once its id's thirty days are."""
    if now - fields["admitted"] >= ID_SECONDS:
        return None
    fresh = is_fresh(fields, now)
    frames: dict[str, bytes] = fields.get("frames", {}) if fresh else {}
    return Entry(
        turn=_turn_of(fields, fresh=fresh),
        state=State(fields["state"]),
        epoch=fields["epoch"],
        leased_until=float(fields["leased_until"]),
        connection=fields["connection"],
        frames=tuple(frames[name] for name in sorted(frames)),
        stop=stop_of(fields),
        timeline=_timeline.decode(fields["timeline"]) if "timeline" in fields and fresh else (),
        heard=fields.get("heard"),
        ended=_instant(fields.get("ended")),
    )


def stop_of(fields: type_of_fields) -> Heard | None:
    """Return what was heard when the turn was stopped, if it was."""
    return msgspec.convert(fields["stop"], Heard) if fields.get("stop") is not None else None


def turn_of(fields: type_of_fields) -> str:
    """Return the id of the turn that an item, or its key, is of."""
    return str(fields["item"]).partition("#")[2]


def _turn_of(fields: type_of_fields, *, fresh: bool) -> Turn:
    return Turn(
        user=fields["user_id"],
        id=turn_of(fields),
        text=fields.get("text", "") if fresh else "",
        admitted=float(fields["admitted"]),
        deadline=float(fields["deadline"]),
        attempt=fields["attempt"],
        voice=fields["voice"],
        private=fields["private"],
        refused=fields["refused"],
        due=tuple(fields["due"]),
    )


def _both(entry: Entry, epoch: int) -> dict[str, Any]:
    turn = entry.turn
    return {
        "attempt": turn.attempt,
        "admitted": turn.admitted,
        "deadline": turn.deadline,
        "voice": turn.voice,
        "private": turn.private,
        "refused": turn.refused,
        "due": turn.due,
        "state": entry.state.value,
        "epoch": epoch,
        "leased_until": entry.leased_until,
        "connection": entry.connection,
        "stop": None if entry.stop is None else heard(entry.stop),
        "heard": entry.heard,
        "ended": entry.ended,
    }


def _instant(value: float | None) -> float | None:
    return None if value is None else float(value)
