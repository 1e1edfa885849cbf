"""The ledger in DynamoDB: the two items of a turn change together, or neither does."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from runtime.adapters.aws import many, requests, turns
from runtime.adapters.aws.items import item
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Outcome, Table
from runtime.adapters.cursors import opened, sealed
from runtime.conversation import ID_SECONDS, Entry, State
from runtime.errors import Contended
from runtime.ports import Clock, Page

_AFRESH: Final = "attribute_not_exists(#user_id) OR #admitted <= :aged"
_UNCHANGED: Final = "#state = :state AND #attempt = :attempt AND #epoch = :epoch"
_USERS: Final = "#user_id = :user AND begins_with(#item, :ids)"
_TRIES: Final = 3


class DynamoLedger:
    """The rows of turns."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table, self._clock = table, clock

    async def open(self, entry: Entry) -> Entry | None:
        outcome = await self._put(entry, entry.epoch, _AFRESH, {"aged": self._clock.now() - ID_SECONDS})
        if outcome.done:
            return None
        standing = await self.read(entry.turn.user, entry.turn.id)
        if standing is None:
            raise Contended("the turn's row was there and is gone")
        return None if outcome.doubtful and standing == entry else standing

    async def read(self, user: str, turn: str) -> Entry | None:
        return await turns.read(self._table, user, turn, self._clock.now())

    async def renew(self, entry: Entry) -> bool:
        return await self._replace(entry, {State.SHED, State.FAILED}, range(entry.turn.attempt))

    async def rewrite(self, entry: Entry) -> None:
        attempt = entry.turn.attempt
        await self._replace(entry, {State.DONE, State.SHED, State.FAILED}, range(attempt, attempt + 1))

    async def failed(self, limit: int) -> Sequence[Entry]:
        now = self._clock.now()
        wanted = {"failed": turns.FAILED, "aged": now - ID_SECONDS}
        pages = many.query(self._table, "#failed = :failed AND #ended > :aged", wanted, IndexName="failed", Limit=limit)
        keys = [{name: one[name] for name in ("user_id", "item")} for one in await many.first(pages, limit)]
        known = [one for one in await many.read(self._table, keys) if one["state"] == State.FAILED]
        return await turns.read_many(self._table, sorted(known, key=_ended), now)

    async def page(self, user: str, limit: int, cursor: str | None = None) -> Page[Entry]:
        list_of = f"turns\n{user}"
        more: dict[str, Any] = {"ConsistentRead": True, "Limit": limit}
        if cursor is not None:
            (turn,) = opened(list_of, cursor)
            more["ExclusiveStartKey"] = item(turns.id_key(user, turn))
        pages = many.query(self._table, _USERS, {"user": user, "ids": turns.id_key(user, "")["item"]}, **more)
        known = await many.first(pages, limit)
        entries = tuple(await turns.read_many(self._table, known, self._clock.now()))
        return Page(entries, sealed(list_of, turns.turn_of(known[-1])) if len(known) == limit else None)

    async def _replace(self, entry: Entry, states: Collection[State], attempts: Collection[int]) -> bool:
        """Put *entry* over a row that is in one of *states* and *attempts*; its epoch stays: it counts all leases."""
        doubtful = False
        for _ in range(_TRIES):
            stands = await self._table.get(turns.id_key(entry.turn.user, entry.turn.id))
            if stands is None or stands["state"] not in states or stands["attempt"] not in attempts:
                return doubtful and stands is not None and _is_of(stands, entry)
            outcome = await self._put(entry, stands["epoch"], _UNCHANGED, stands)
            if outcome.done:
                return True
            doubtful = doubtful or outcome.doubtful
        raise Contended("the turn's row was written by others each time")

    async def _put(self, entry: Entry, epoch: int, condition: str, values: type_of_fields) -> Outcome:
        """Put both items of *entry*, if *condition* holds of the one that lives longer."""
        name = self._table.name
        return await self._table.transact(
            {"Put": requests.put(name, turns.known(entry, epoch), condition, values)},
            {"Put": requests.put(name, turns.live(entry, epoch))},
        )


def _ended(fields: type_of_fields) -> float:
    return float(fields["ended"])


def _is_of(fields: type_of_fields, entry: Entry) -> bool:
    return bool(fields["attempt"] == entry.turn.attempt and fields["admitted"] == entry.turn.admitted)
