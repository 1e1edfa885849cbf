"""Everything about a user as JSON lines, read from the stores page by page, and cut into frames as it comes.

The `data` of all parts, put together in their order, are the lines: a line longer than a frame goes on in the next one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import msgspec

from runtime.conversation import Account, Entry
from runtime.ports import Accounts, Ledger, Memories, Page, Recent
from runtime.protocol import client, server

T = TypeVar("T")

_AT_ONCE: Final = 50
_ROOM: Final = client.FRAME_BYTES - len(server.encode(server.Export(part=2**31, last=False, data="")))
_PIECE: Final = (
    _ROOM // 7
)  # Code points that fit whatever they are: a control character takes seven bytes, escaped twice.
_INSTANTS: Final = frozenset(
    {"at", "admitted", "deadline", "ended", "expires", "valid_from", "valid_until", "corrected", "refilled", "used_at"}
    | {"exported", "listened"}
)


@dataclass(frozen=True, slots=True)
class Copies:
    """Where everything about a user is."""

    accounts: Accounts
    recent: Recent
    memories: Memories
    ledger: Ledger

    async def lines(self, user: str) -> AsyncGenerator[str, None]:
        """Yield a line for each thing that is kept about *user*: what it is, and all its fields."""
        yield _line("account", _account(await self.accounts.read(user)))
        async for exchange in _all(lambda cursor: self.recent.latest(user, _AT_ONCE, cursor)):
            yield _line("exchange", msgspec.to_builtins(exchange))
        async for memory in _all(lambda cursor: self.memories.page(user, "", _AT_ONCE, cursor)):
            yield _line("memory", msgspec.structs.asdict(memory))
        async for entry in _all(lambda cursor: self.ledger.page(user, _AT_ONCE, cursor)):
            yield _line("turn", _turn(entry))


async def frames(lines: AsyncGenerator[str, None]) -> AsyncGenerator[bytes, None]:
    """Yield *lines* as `export` frames, each as full as it may be."""
    part, data, size = 0, list[str](), 0
    async with aclosing(lines):
        async for line in lines:
            for piece in _pieces(line):
                length = _length(piece)
                if size + length > _ROOM:
                    yield server.encode(server.Export(part=part, last=False, data="".join(data)))
                    part, data, size = part + 1, [], 0
                data.append(piece)
                size += length
    yield server.encode(server.Export(part=part, last=True, data="".join(data)))


async def _all(page: Callable[[str | None], Awaitable[Page[T]]]) -> AsyncIterator[T]:
    cursor: str | None = None
    while True:
        found = await page(cursor)
        for item in found.items:
            yield item
        if found.cursor is None:
            return
        cursor = found.cursor


def _pieces(line: str) -> Iterator[str]:
    if _length(line) <= _ROOM:
        yield line
        return
    for start in range(0, len(line), _PIECE):
        yield line[start : start + _PIECE]


def _length(text: str) -> int:
    """Return how many bytes *text* takes in a frame."""
    return len(msgspec.json.encode(text)) - 2


def _line(record: str, fields: dict[str, Any]) -> str:
    shown = {name: _shown(name, value) for name, value in fields.items()}
    return msgspec.json.encode({"record": record, **shown}).decode() + "\n"


def _shown(name: str, value: Any) -> Any:  # noqa: ANN401 - a field's value.
    return server.instant(value) if name in _INSTANTS and value else value


def _account(account: Account) -> dict[str, Any]:
    opened = {turn: server.instant(at) for turn, at in account.open.items()}
    return {**msgspec.to_builtins(account), "open": opened}


def _turn(entry: Entry) -> dict[str, Any]:
    """Return a row of the ledger; its frames stand there as they were sent."""
    row = {name: value for name, value in msgspec.to_builtins(entry).items() if name not in {"turn", "frames"}}
    frames = [msgspec.Raw(frame) for frame in entry.frames]
    return {**msgspec.to_builtins(entry.turn), **row, "frames": frames}
