"""A turn found again: what is out of it, and the rest to whoever asks, from whoever answers it."""

from __future__ import annotations

from msgspec import Struct

from runtime.admission.caller import Caller
from runtime.conversation import Account, Entry, State
from runtime.errors import NotFound
from runtime.ports import Accounts, Clock, Ledger, Signals
from runtime.protocol import client, server

OPEN = frozenset({State.QUEUED, State.RUNNING})


class Resuming(Struct, frozen=True):
    """What `resume` reads, and whom it tells."""

    accounts: Accounts
    ledger: Ledger
    signals: Signals
    clock: Clock

    async def resume(self, caller: Caller, frame: client.Resume) -> list[bytes]:
        """Return what is out of a turn after what the caller has seen; the rest follows from whoever answers it."""
        entry = await found(self.ledger, caller, frame.turn)
        if entry.state not in OPEN:
            return told(entry, frame.after)
        answered = await self.signals.attach(caller.user, frame.turn, caller.connection, frame.after)
        entry = await found(self.ledger, caller, frame.turn)
        if entry.state not in OPEN:
            return told(entry, frame.after)
        if answered:
            return []
        account = await self.accounts.read(caller.user)
        accepted = server.Accepted(frame.turn, self._before(account, frame.turn))
        return [server.encode(accepted), *_after(entry, frame.after)]

    def _before(self, account: Account, turn: str) -> int:
        mine = account.open.get(turn, self.clock.now())
        return sum(at < mine for at in account.open.values())


async def found(ledger: Ledger, caller: Caller, turn: str) -> Entry:
    """Return the row of the caller's *turn*; raise `NotFound`."""
    entry = await ledger.read(caller.user, turn)
    if entry is None:
        raise NotFound("you have no such turn: send it first")
    return entry


def told(entry: Entry, seen: int) -> list[bytes]:
    """Return what is stored of an ended turn after frame *seen*; its id is known for longer than what was said."""
    if not entry.frames:
        raise NotFound("this turn is over, and what was said in it is no longer kept here: look into the history")
    return _after(entry, seen)


def _after(entry: Entry, seen: int) -> list[bytes]:
    """Return the stored frames after *seen*; an end that has no number is always among them."""
    unnumbered = entry.state in {State.SHED, State.FAILED}
    return [
        frame
        for number, frame in enumerate(entry.frames)
        if number > seen or (unnumbered and number == len(entry.frames) - 1)
    ]
