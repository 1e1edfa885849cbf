"""A turn stopped while it is being answered, or trimmed to what was heard of it when it is done."""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from runtime.admission.caller import Caller
from runtime.admission.resuming import OPEN, found, told
from runtime.conversation import Entry, Heard, State
from runtime.errors import Conflict
from runtime.jobs import RememberJob
from runtime.ports import Accounts, Clock, Ledger, Queue, Recent, Signals
from runtime.protocol import client, server
from runtime.speech import heard_chars
from runtime.turn.ending import released

_TRIM_SECONDS = 600.0


@dataclass(frozen=True, slots=True)
class Interrupting:
    """What `interrupt` reads and writes."""

    accounts: Accounts
    ledger: Ledger
    signals: Signals
    recent: Recent
    background: Queue
    clock: Clock

    async def interrupt(self, caller: Caller, frame: client.Interrupt) -> list[bytes]:
        """Stop a turn, which its `done` confirms; or trim one that is done to what was heard."""
        heard = Heard(_given(frame.heard_ms), _given(frame.heard_chars))
        entry = await found(self.ledger, caller, frame.turn)
        if entry.state in OPEN and await self.signals.stop(caller.user, frame.turn, heard):
            return []
        entry = await found(self.ledger, caller, frame.turn)
        if entry.state is not State.DONE:
            return told(entry, -1)
        return [server.encode(await self._trim(entry, heard))]

    async def _trim(self, entry: Entry, heard: Heard) -> server.Trimmed:
        """Cut the stored reply to what was heard; the ledger's frames stay as they were sent."""
        turn, account = entry.turn, await self.accounts.read(entry.turn.user)
        if account.erasing:
            raise Conflict("everything about you is being erased just now: there is nothing left to trim")
        newest = await self.recent.latest(turn.user, 1)
        later = any(at > turn.admitted for at in account.open.values()) or any(
            exchange.at > turn.admitted for exchange in newest.items
        )
        if later or self.clock.now() - (entry.ended or 0.0) > _TRIM_SECONDS:
            raise Conflict("an answer can be trimmed for ten minutes, and while no later turn has begun")
        reply = "".join(released(entry.frames))
        chars = heard_chars(heard, entry.timeline, len(reply))
        exchange = await self.recent.read(turn.user, turn.id)
        if exchange is not None:
            await self.recent.add(replace(exchange, reply=reply[:chars]))
            job = RememberJob(turn.user, turn.id, turn.admitted, chars, account.erasure)
            await self.background.send(job.message())
        return server.Trimmed(turn.id, chars)


def _given(position: int | UnsetType) -> int | None:
    return None if position is UNSET else position
