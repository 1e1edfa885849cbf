"""Who was erased, in a table of its own: it stays as it is when the others are restored from a backup.

It names a user only while the erasure runs; then a pseudonym stays, made by *naming*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import msgspec

from runtime.adapters.aws import many
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Table
from runtime.conversation import Erasure
from runtime.errors import Unavailable
from runtime.identity import pseudonym
from runtime.ports import Clock

_RUNNING: Final = "running"
_TRIES: Final = 8
_END: Final = (
    "SET #epoch = :epoch, #begun = :begun, #ended = :ended, #manifest = :manifest, #verified = :verified, "
    "#backups_until = :backups_until, #version = if_not_exists(#version, :none) + :one REMOVE #told, #user, #running"
)


class DynamoErasures:
    """The list, by the pseudonyms of users."""

    def __init__(self, table: Table, clock: Clock, naming: Callable[[str], str] = pseudonym) -> None:
        self._table, self._clock, self._naming = table, clock, naming

    async def begin(self, user: str, epoch: int, connection: str) -> Erasure:
        told = (connection,) if connection else ()
        for _ in range(_TRIES):
            stands = await self._table.get(self._key(user))
            erasure = self._begun(None if stands is None else _erasure(stands), epoch, told)
            if await self._put(user, erasure, 0 if stands is None else stands["version"]):
                return erasure
        raise Unavailable("the list of erasures does not answer: it was written by others each time")

    async def read(self, user: str) -> Erasure | None:
        stands = await self._table.get(self._key(user))
        return None if stands is None else _erasure(stands)

    async def note(self, user: str, manifest: Mapping[str, int]) -> None:
        change = "SET #manifest = :manifest, #version = #version + :one"
        await self._table.update(
            self._key(user), change, "attribute_exists(#pseudonym)", {"manifest": dict(manifest), "one": 1}
        )

    async def end(self, user: str, erasure: Erasure) -> tuple[str, ...]:
        values = {**msgspec.to_builtins(erasure), "one": 1, "none": 0}
        before = await self._table.update(self._key(user), _END, "", values, returning="ALL_OLD")
        return tuple(before.fields.get("told", ()))

    async def running(self) -> Sequence[str]:
        pages = many.query(self._table, "#running = :running", {"running": _RUNNING}, IndexName=_RUNNING)
        keys = [{"pseudonym": one["pseudonym"]} async for page in pages for one in page]
        return [one["user"] for one in await many.read(self._table, keys) if "user" in one]

    def _begun(self, last: Erasure | None, epoch: int, told: tuple[str, ...]) -> Erasure:
        """Return the erasure that begins, or the one that runs with whom else to tell of it."""
        if last is not None and last.ended is None:
            return replace(last, told=tuple(dict.fromkeys((*last.told, *told))))
        return Erasure(max(epoch, 1 if last is None else last.epoch + 1), self._clock.now(), told=told)

    async def _put(self, user: str, erasure: Erasure, version: int) -> bool:
        fields = {**msgspec.to_builtins(erasure), "version": version + 1, "user": user, "running": _RUNNING}
        condition = "#version = :version" if version else "attribute_not_exists(#pseudonym)"
        return (await self._table.put({**fields, **self._key(user)}, condition, {"version": version})).done

    def _key(self, user: str) -> type_of_fields:
        return {"pseudonym": self._naming(user)}


def _erasure(fields: dict[str, Any]) -> Erasure:
    return msgspec.convert(fields, Erasure)
