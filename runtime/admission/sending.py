"""Turns let in: nothing is said to be accepted before it is kept and queued."""

from __future__ import annotations

from msgspec import Struct

from runtime.accounts import amend
from runtime.admission.caller import Caller
from runtime.admission.rates import let_in, position
from runtime.admission.resuming import Resuming
from runtime.conversation import TURN_SECONDS, Account, Entry, State, Turn
from runtime.errors import Busy, Conflict, Contended
from runtime.jobs import TurnJob
from runtime.policy import screen
from runtime.ports import Accounts, Clock, Ledger, Queue
from runtime.protocol import client, server


class Sending(Struct, frozen=True):
    """The door of the ledger: what `send` reads and writes; *resuming* finds a turn again that is let in already."""

    accounts: Accounts
    ledger: Ledger
    turns: Queue
    clock: Clock
    resuming: Resuming

    async def send(self, caller: Caller, frame: client.Send) -> list[bytes]:
        """Let a turn in, or find it again: the same `send` twice is one turn."""
        standing = await self.ledger.read(caller.user, frame.turn)
        if standing is not None:
            return await self._again(caller, frame, standing)
        return await self._let_in(caller, frame, None)

    async def _again(self, caller: Caller, frame: client.Send, standing: Entry) -> list[bytes]:
        if standing.turn.text and standing.turn.text != screen(frame.text).text:
            raise Conflict("this turn's id is in use for another text: choose a fresh uuid for each turn")
        if standing.state is State.SHED:
            return await self._let_in(caller, frame, standing)
        if standing.state is State.QUEUED:
            await self._enqueue(standing.turn)
        return await self.resuming.resume(caller, client.Resume(turn=frame.turn, after=-1))

    async def _let_in(self, caller: Caller, frame: client.Send, shed: Entry | None) -> list[bytes]:
        try:
            before, due = await self._count(caller, frame.turn)
        except Busy as busy:
            return [server.encode(server.Busy(frame.turn, busy.retry_after_ms or 0))]
        entry = Entry(turn=self._turn(caller, frame, due, shed), connection=caller.connection)
        if shed is None and (standing := await self.ledger.open(entry)) is not None:
            return await self._again(caller, frame, standing)
        if shed is not None and not await self.ledger.renew(entry):
            return await self.send(caller, frame)
        await self._enqueue(entry.turn)
        return [server.encode(server.Accepted(frame.turn, before))]

    def _turn(self, caller: Caller, frame: client.Send, due: tuple[str, ...], shed: Entry | None) -> Turn:
        screened, now = screen(frame.text), self.clock.now()
        return Turn(
            user=caller.user,
            id=frame.turn,
            text=screened.text,
            admitted=now,
            deadline=now + TURN_SECONDS,
            attempt=shed.turn.attempt + 1 if shed else 1,
            voice=frame.voice,
            private=frame.private,
            refused=screened.blocked,
            due=due,
        )

    async def _count(self, caller: Caller, turn: str) -> tuple[int, tuple[str, ...]]:
        """Write the turn into the user's row; return how many come before it, and the notices due with it."""

        def admit(account: Account) -> tuple[Account, tuple[int, tuple[str, ...]]]:
            now = self.clock.now()
            admitted, due = let_in(account, turn, now, minor=caller.identity.minor)
            return admitted, (position(account, now), due)

        try:
            return await amend(self.accounts, caller.user, admit)
        except Contended:
            raise Busy("several of your turns arrived at once: send it again", retry_after_ms=100) from None

    async def _enqueue(self, turn: Turn) -> None:
        await self.turns.send(TurnJob(turn.user, turn.id, turn.attempt).message())
