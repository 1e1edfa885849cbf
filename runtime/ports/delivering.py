"""What sees each turn to exactly one end."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from msgspec import Struct

from runtime.conversation import (
    Account,
    Delivery,
    Entry,
    Heard,
    Message,
)
from runtime.ports.remembering import Page


class Accounts(Protocol):
    """One row a user, written only over the version that was read."""

    async def read(self, user: str) -> Account:
        """Return the user's row, a fresh one (version 0) where there is none, with the epoch of who was erased."""

    async def write(self, account: Account) -> bool:
        """Store *account* as version + 1 if the stored version is still `account.version`; say whether it was."""

    async def page(self, limit: int, after: str = "") -> Sequence[Account]:
        """Return rows of any users, each once, in an order of the store's own: for what is done to all of them.

        *after* is the user of the last row of the page before.
        """


class Ledger(Protocol):
    """Where a turn lives, keyed by (user, turn): texts for 24 hours, the id for 30 days."""

    async def open(self, entry: Entry) -> Entry | None:
        """Store a new row; return None, or the row that already stands there, untouched."""

    async def read(self, user: str, turn: str) -> Entry | None:
        """Return a row, its text and frames empty once their 24 hours are over."""

    async def renew(self, entry: Entry) -> bool:
        """Put *entry*, a new attempt, over a shed or failed row of an earlier one; say whether it stood there."""

    async def rewrite(self, entry: Entry) -> None:
        """Put *entry* over the row of the same turn and attempt, if that has ended: how texts leave early."""

    async def failed(self, limit: int) -> Sequence[Entry]:
        """Return failed rows of any user, oldest first: for operators only."""

    async def page(self, user: str, limit: int, cursor: str | None = None) -> Page[Entry]:
        """Return the user's rows by the ids of their turns; *cursor* is one of this store."""


class Leases(Protocol):
    """The right to answer a turn, for longer than a turn may take; every write fails once a newer lease is out."""

    async def claim(self, user: str, turn: str, attempt: int) -> Entry | None:
        """Take the turn under a new epoch and return its row, now running.

        Returns the row unchanged where it has ended, None where the row is gone or of another attempt.
        """

    async def append(self, held: Entry, frame: bytes) -> None:
        """Add a durable frame; raise `LeaseLost` if `held.epoch` is not the row's or the row has ended.

        Raises `TooLarge` where the frames of one turn are more than the store takes: 128 KB are never too much.
        """

    async def finish(self, held: Entry) -> Entry:
        """Store *held* as it is given (state, texts, frames, timeline, heard, end), nobody's lease any more.

        Returns the row as it stands now: with the signals that came too late to be watched. Raises `LeaseLost` if
        `held.epoch` is not the row's or the row has ended.
        """

    async def release(self, held: Entry) -> None:
        """Give the lease back, the turn queued again; a lease that was lost already is left as it is."""


class Stop(Struct, frozen=True):
    """The user interrupted, having heard so much."""

    heard: Heard


class Attach(Struct, frozen=True):
    """The user's frames go to *connection* from now on; those after *after* are to be sent again."""

    connection: str
    after: int


class Signals(Protocol):
    """What reaches a running turn from outside: at once on a laptop, within 250 ms in the cloud."""

    async def stop(self, user: str, turn: str, heard: Heard) -> bool:
        """Ask for a stop; say whether there was a turn that has not ended."""

    async def attach(self, user: str, turn: str, connection: str, after: int) -> bool:
        """Point the turn's frames at *connection*; say whether somebody holds its lease and so will send them."""

    def watch(self, held: Entry) -> AsyncGenerator[Stop | Attach, None]:
        """Yield each signal once, those sent before included, until closed; raise `LeaseLost` when the lease is.

        The first stop stands; of attachments since the claim that were not yielded yet, only the last is.
        """


class Queue(Protocol):
    """A FIFO queue by groups, with SQS's semantics.

    In a group messages are delivered in order and one at a time. A message that comes back three times goes to the
    queue's dead letters instead of a fourth delivery. Deduplication ids are a group's own (two users may use one turn
    id) and remembered for five minutes, even after the message is gone. What somebody holds is invisible until their
    visibility time-out, extended while they hold it.
    """

    async def send(self, message: Message) -> None:
        """Add *message* unless its deduplication id was seen in its group in the last five minutes."""

    def take(self) -> AbstractAsyncContextManager[Delivery]:
        """Wait for a message and hold it: gone when the block ends well, offered again when it raises.

        After `Transient` it is offered again in a second, when cancelled at once, after anything else at the end of
        its visibility time-out, as after a crash.
        """

    async def depth(self) -> int:
        """Return about how many messages wait."""
