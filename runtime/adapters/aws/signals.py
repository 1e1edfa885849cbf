"""Signals by the turn's row: seen in the answer to each write of this process, and by a look where there is none."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final

from runtime.adapters.aws import turns
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.sightings import Sightings
from runtime.adapters.aws.table import Table
from runtime.conversation import Entry, Heard, State
from runtime.errors import LeaseLost
from runtime.ports import Attach, Clock, Stop

_ATTACH: Final = "SET #connection = :connection, #resume_after = :after, #attached = #attached + :one"


class DynamoSignals:
    """What reaches a running turn from outside, within a quarter of a second."""

    def __init__(self, table: Table, clock: Clock, sightings: Sightings) -> None:
        self._table, self._clock, self._sightings = table, clock, sightings

    async def stop(self, user: str, turn: str, heard: Heard) -> bool:
        # The first stop stands: what was heard until then is what was heard.
        change = "SET #stop = if_not_exists(#stop, :heard)"
        values = {"heard": turns.heard(heard), "queued": State.QUEUED.value, "running": State.RUNNING.value}
        key, condition = turns.live_key(user, turn), "#state IN (:queued, :running)"
        stopped = await self._table.update(key, change, condition, values)
        return self._shown(stopped.fields)

    async def attach(self, user: str, turn: str, connection: str, after: int) -> bool:
        key, condition = turns.live_key(user, turn), "attribute_exists(#user_id)"
        values = {"connection": connection, "after": after, "one": 1}
        attached = await self._table.update(key, _ATTACH, condition, values)
        row = attached.fields
        return self._shown(row) and row["state"] == State.RUNNING and row["leased_until"] > self._clock.now()

    async def watch(self, held: Entry) -> AsyncGenerator[Stop | Attach, None]:
        stopped, attached = False, 0
        with self._sightings.of(turns.live_key(held.turn.user, held.turn.id)) as sight:
            while True:
                row = await self._sightings.next(sight)
                if row is None or row["epoch"] != held.epoch:
                    raise LeaseLost(f"epoch {held.epoch} of turn {held.turn.id} is over")
                if not stopped and (heard := turns.stop_of(row)) is not None:
                    stopped = True
                    yield Stop(heard)
                if row["attached"] > attached:
                    attached = row["attached"]
                    yield Attach(row["connection"], row["resume_after"])

    def _shown(self, row: type_of_fields) -> bool:
        """Show the row to who watches it in this process; say whether there is one."""
        if row:
            self._sightings.show(row)
        return bool(row)
