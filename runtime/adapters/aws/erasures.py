"""Who was erased, in a table of its own: it stays as it is when the others are restored from a backup.

It names a user only while the erasure runs; then a pseudonym stays, made by *naming*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec
from msgspec.structs import replace

from runtime.adapters.aws import many
from runtime.adapters.aws.requests import type_of_fields
from runtime.adapters.aws.table import Table
from runtime.conversation import Erasure
from runtime.errors import Contended
from runtime.identity import pseudonym
from runtime.ports import Clock

_RUNNING: Final = "running"
_TRIES: Final = 8
_BUSY: Final = "the list of erasures was written by others each time"
_UNCHANGED: Final = "attribute_not_exists(#version) OR #version = :version"
_END: Final = (
    "SET #epoch = :epoch, #begun = :begun, #ended = :ended, #manifest = :manifest, #verified = :verified, "
    "#backups_until = :backups_until, #version = :next REMOVE #told, #user, #running"
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
            if await self._put(user, erasure, stands or {}):
                return erasure
        raise Contended(_BUSY)

    async def read(self, user: str) -> Erasure | None:
        stands = await self._table.get(self._key(user))
        return None if stands is None else _erasure(stands)

    async def note(self, user: str, manifest: Mapping[str, int]) -> None:
        change = "SET #manifest = :manifest, #version = #version + :one"
        await self._table.update(
            self._key(user), change, "attribute_exists(#pseudonym)", {"manifest": dict(manifest), "one": 1}
        )

    async def end(self, user: str, erasure: Erasure) -> tuple[str, ...]:
        told: tuple[str, ...] = ()
        doubtful = False
        for _ in range(_TRIES):
            stands = await self._table.get(self._key(user)) or {}
            if doubtful and stands.get("ended") == erasure.ended:
                return told
            told = tuple(stands.get("told", ()))
            values = {**msgspec.to_builtins(erasure), "version": stands.get("version", 0), "next": _next(stands)}
            outcome = await self._table.update(self._key(user), _END, _UNCHANGED, values)
            if outcome.done:
                return told
            doubtful = doubtful or outcome.doubtful
        raise Contended(_BUSY)

    async def running(self) -> Sequence[str]:
        pages = many.query(self._table, "#running = :running", {"running": _RUNNING}, IndexName=_RUNNING)
        keys = [{"pseudonym": one["pseudonym"]} async for page in pages for one in page]
        return [one["user"] for one in await many.read(self._table, keys) if "user" in one]

    def _begun(self, last: Erasure | None, epoch: int, told: tuple[str, ...]) -> Erasure:
        """Return the erasure that begins, or the one that runs with whom else to tell of it."""
        if last is not None and last.ended is None:
            return replace(last, told=tuple(dict.fromkeys((*last.told, *told))))
        return Erasure(max(epoch, 1 if last is None else last.epoch + 1), self._clock.now(), told=told)

    async def _put(self, user: str, erasure: Erasure, stands: type_of_fields) -> bool:
        """Put the erasure of *user* over what *stands*, if that is still so."""
        its_own = {**self._key(user), "version": _next(stands), "user": user, "running": _RUNNING}
        fields = {**msgspec.to_builtins(erasure), **its_own}
        return (await self._table.put(fields, _UNCHANGED, {"version": stands.get("version", 0)})).done

    def _key(self, user: str) -> type_of_fields:
        return {"pseudonym": self._naming(user)}


def _erasure(fields: dict[str, Any]) -> Erasure:
    return msgspec.convert(fields, Erasure)


def _next(stands: type_of_fields) -> int:
    return int(stands.get("version", 0)) + 1
