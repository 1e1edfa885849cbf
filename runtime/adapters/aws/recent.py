"""The hot memory in DynamoDB, by user and nanosecond, what is expired filtered on read: TTL deletes it days later.

Beside each exchange lies a pointer under a negative `ts` made from the turn's id, so that a turn's exchange is found
without an index. Of two exchanges in one nanosecond the later one gets the next.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Any, Final

from runtime.adapters.aws import many, requests
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Outcome, Table
from runtime.adapters.cursors import opened, sealed
from runtime.conversation import Exchange
from runtime.errors import Contended
from runtime.ports import Clock, Page

_SECOND: Final = 1_000_000_000
_LAST: Final = 10**20
_POINTER_BYTES: Final = 15  # A number of DynamoDB's has 38 digits.
_TRIES: Final = 16
_FREE: Final = "attribute_not_exists(#user_id) OR #expires_at <= :now OR #turn = :turn"
_AT_NO_OTHER: Final = "attribute_not_exists(#user_id) OR #expires_at <= :now OR #points_to = :slot"


class DynamoRecent:
    """Exchanges in the table of the hot memory, kept for *keep* seconds from their admission."""

    def __init__(self, table: Table, clock: Clock, keep: float) -> None:
        self._table, self._clock, self._keep = table, clock, keep

    async def add(self, exchange: Exchange) -> None:
        slot = _nanoseconds(exchange.at)
        for _ in range(_TRIES):
            outcome = await self._put(exchange, slot)
            if outcome.done:
                return
            if 0 in outcome.failed:
                slot += 1
            else:
                await self.drop(exchange.user, exchange.turn)
        raise Contended("the instant of an exchange was taken by others each time")

    async def read(self, user: str, turn: str) -> Exchange | None:
        pointer = await self._table.get(_pointer_key(user, turn))
        fields = None if pointer is None else await self._table.get(_key(user, pointer["points_to"]))
        if fields is None or fields["turn"] != turn or fields["expires_at"] <= self._clock.now():
            return None
        return _exchange(fields)

    async def latest(self, user: str, limit: int, before: str | None = None) -> Page[Exchange]:
        list_of = f"recent\n{user}"
        last = _LAST if before is None else opened(list_of, before)[0] - 1
        found = await many.first(
            many.query(
                self._table,
                "#user_id = :user AND #ts BETWEEN :first AND :last",
                {"user": user, "first": 0, "last": last, "now": self._clock.now()},
                only="#expires_at > :now",
                ScanIndexForward=False,
                ConsistentRead=True,
                Limit=limit + 1,
            ),
            limit + 1,
        )
        cursor = sealed(list_of, found[limit - 1]["ts"]) if len(found) > limit else None
        return Page(tuple(map(_exchange, found[:limit])), cursor)

    async def drop(self, user: str, turn: str) -> None:
        pointer = await self._table.get(_pointer_key(user, turn))
        if pointer is None:
            return
        name, values = self._table.name, {"turn": turn, "slot": pointer["points_to"]}
        its_own = "attribute_not_exists(#user_id) OR #turn = :turn"
        # Where a condition fails, the exchange was added anew meanwhile: that came after this.
        await self._table.transact(
            {"Delete": requests.delete(name, _key(user, pointer["points_to"]), its_own, values)},
            {"Delete": requests.delete(name, _pointer_key(user, turn), "#points_to = :slot", values)},
        )

    async def _put(self, exchange: Exchange, slot: int) -> Outcome:
        """Put the exchange at the nanosecond *slot*, with its pointer, unless another is there or it is elsewhere."""
        name, user, turn = self._table.name, exchange.user, exchange.turn
        both = {"turn": turn, "expires_at": int(exchange.at + self._keep)}
        kept = {"at": exchange.at, "text": exchange.text, "reply": exchange.reply}
        values = {"now": self._clock.now(), "turn": turn, "slot": slot}
        pointer = {**_pointer_key(user, turn), **both, "points_to": slot}
        return await self._table.transact(
            {"Put": requests.put(name, {**_key(user, slot), **both, **kept}, _FREE, values)},
            {"Put": requests.put(name, pointer, _AT_NO_OTHER, values)},
        )


def _key(user: str, slot: int) -> type_of_fields:
    return {"user_id": user, "ts": slot}


def _pointer_key(user: str, turn: str) -> type_of_fields:
    number = int.from_bytes(blake2b(turn.encode("utf-8", "surrogatepass"), digest_size=_POINTER_BYTES).digest())
    return _key(user, -1 - number)


def _exchange(fields: dict[str, Any]) -> Exchange:
    return Exchange(fields["user_id"], fields["turn"], float(fields["at"]), fields["text"], fields["reply"])


def _nanoseconds(at: float) -> int:
    whole = int(at // 1)
    return whole * _SECOND + round((at - whole) * _SECOND)
