"""Leases in DynamoDB: the epoch stands in the condition of every write, so that an older one changes nothing.

A durable frame is one update, and its answer shows the signals to who watches the turn.
"""

from __future__ import annotations

from itertools import count
from typing import Final

from msgspec.structs import replace

from runtime.adapters.aws import requests, turns
from runtime.adapters.aws.requests import type_of_fields, type_of_request
from runtime.adapters.aws.sightings import Sightings
from runtime.adapters.aws.table import Outcome, Table
from runtime.conversation import Entry, State
from runtime.errors import Contended, LeaseLost, TooLarge
from runtime.ports import Clock

_TRIES: Final = 3
_OPEN: Final = {"queued": State.QUEUED.value, "running": State.RUNNING.value}
_ENDS: Final = frozenset({State.DONE, State.SHED, State.FAILED})
_HELD: Final = "#epoch = :epoch AND #state = :running"
_CLAIM: Final = (
    "SET #state = :running, #epoch = #epoch + :one, #leased_until = :until, #attached = :none REMOVE #resume_after"
)
_CLAIMABLE: Final = "#attempt = :attempt AND #state IN (:queued, :running)"
# What signals change stays as they left it: the holder may not have seen the last of them.
_FINISH: Final = (
    "SET #state = :state, #text = :text, #timeline = :timeline, #frames = :frames, #written = :written, "
    "#heard = :heard, #leased_until = :none"
)


class DynamoLeases:
    """Who may answer a turn, for *term* seconds at a time."""

    def __init__(self, table: Table, clock: Clock, sightings: Sightings, term: float = 90.0) -> None:
        self._table, self._clock, self._sightings, self._term = table, clock, sightings, term
        self._frames = count()

    async def claim(self, user: str, turn: str, attempt: int) -> Entry | None:
        now, key = self._clock.now(), turns.live_key(user, turn)
        values = {"attempt": attempt, "until": now + self._term, "one": 1, "none": 0}
        for _ in range(_TRIES):
            claimed = await self._table.update(key, _CLAIM, _CLAIMABLE, _OPEN | values)
            if claimed.done:
                self._sightings.show(claimed.fields)
                return turns.entry_of(claimed.fields, now)
            entry = await turns.read(self._table, user, turn, now)
            if entry is None or entry.turn.attempt != attempt:
                return None
            if entry.state in _ENDS:
                return entry
            await self._revive(entry)
        raise Contended("the turn's row was written by others each time")

    async def append(self, held: Entry, frame: bytes) -> None:
        # The name is this writing's own: done twice, for want of an answer, it is one frame.
        name = f"{held.epoch:08}_{next(self._frames):012}"
        change = f"SET #frames.#{name} = :frame, #written = #written + :size"
        room = {"frame": frame, "size": len(frame), "room": turns.ROOM - len(frame)}
        appended = await self._while_held(held, change, f"{_HELD} AND #written <= :room", room)
        if not appended.done:
            raise await self._unwritten(held)
        self._sightings.show(appended.fields)

    async def finish(self, held: Entry) -> Entry:
        ended = replace(held, leased_until=0.0)
        written = await self._table.transact(
            {"Update": _finishing(self._table.name, ended)},
            {"Put": requests.put(self._table.name, turns.known(ended, held.epoch))},
        )
        stands = await turns.read(self._table, held.turn.user, held.turn.id, self._clock.now())
        ours = stands and replace(ended, connection=stands.connection, stop=stands.stop)
        if ours and (written.done or (written.doubtful and stands == ours)):
            return ours
        if written.done:
            return ended
        raise _lost(held)

    async def release(self, held: Entry) -> None:
        await self._while_held(held, "SET #state = :queued, #leased_until = :none", _HELD, {"none": 0})

    async def _revive(self, entry: Entry) -> None:
        """Put the item again of an open turn that went with its words, so that it can be ended, if its id is known."""
        name, known = self._table.name, turns.id_key(entry.turn.user, entry.turn.id)
        await self._table.transact(
            {"Update": requests.update(name, known, "SET #state = :queued", "#state = :queued", _OPEN)},
            {"Put": requests.put(name, turns.live(entry, entry.epoch), "attribute_not_exists(#user_id)")},
        )

    async def _while_held(self, held: Entry, change: str, condition: str, values: type_of_fields) -> Outcome:
        key = turns.live_key(held.turn.user, held.turn.id)
        return await self._table.update(key, change, condition, {"epoch": held.epoch, **_OPEN, **values})

    async def _unwritten(self, held: Entry) -> LeaseLost | TooLarge:
        """Return why a frame was not written: the lease is over, or there is no room for it."""
        stands = await self._table.get(turns.live_key(held.turn.user, held.turn.id), ("epoch", "state", "written"))
        if stands is None or stands["epoch"] != held.epoch or stands["state"] != State.RUNNING:
            return _lost(held)
        return TooLarge(f"{stands['written']:,} bytes of this answer are kept, and no more than {turns.ROOM:,} can be")


def _finishing(table: str, ended: Entry) -> type_of_request:
    """Return the update that ends a turn; without an instant of the end, none is left there."""
    change = f"{_FINISH}, #ended = :ended" if ended.ended is not None else f"{_FINISH} REMOVE #ended"
    values = {
        **turns.words(ended),
        **_OPEN,
        "none": 0,
        "state": ended.state.value,
        "heard": ended.heard,
        "ended": ended.ended,
        "epoch": ended.epoch,
    }
    return requests.update(table, turns.live_key(ended.turn.user, ended.turn.id), change, _HELD, values)


def _lost(held: Entry) -> LeaseLost:
    return LeaseLost(f"epoch {held.epoch} of turn {held.turn.id} is over")
