"""Turns let in, found again and stopped: nothing is said to be accepted before it is kept and queued."""

from __future__ import annotations

from dataclasses import dataclass, replace

from msgspec import UNSET, UnsetType

from runtime.admission.caller import Caller
from runtime.admission.rates import let_in, position
from runtime.conversation import TURN_SECONDS, Account, Entry, Heard, State, Turn
from runtime.errors import Busy, Conflict, NotFound
from runtime.jobs import RememberJob, TurnJob
from runtime.policy import screen
from runtime.ports import Accounts, Clock, Ledger, Queue, Recent, Signals
from runtime.protocol import client, server
from runtime.speech import heard_chars
from runtime.turn.ending import released

type_of_frames = list[bytes]

_TRIM_SECONDS = 600.0
_TRIES = 8
_OPEN = frozenset({State.QUEUED, State.RUNNING})


@dataclass(frozen=True, slots=True)
class Turns:
    """The door of the ledger: `send`, `resume` and `interrupt`."""

    accounts: Accounts
    ledger: Ledger
    signals: Signals
    recent: Recent
    queue: Queue
    background: Queue
    clock: Clock

    async def send(self, caller: Caller, frame: client.Send) -> type_of_frames:
        """Let a turn in, or find it again: the same `send` twice is one turn."""
        standing = await self.ledger.read(caller.user, frame.turn)
        if standing is not None:
            return await self._again(caller, frame, standing)
        return await self._let_in(caller, frame, None)

    async def resume(self, caller: Caller, frame: client.Resume) -> type_of_frames:
        """Return what is out of a turn after what the caller has seen; the rest follows from whoever answers it."""
        entry = await self._read(caller, frame.turn)
        if entry.state not in _OPEN:
            return _ended(entry, frame.after)
        answered = await self.signals.attach(caller.user, frame.turn, caller.connection, frame.after)
        entry = await self._read(caller, frame.turn)
        if entry.state not in _OPEN:
            return _ended(entry, frame.after)
        if answered:
            return []
        account = await self.accounts.read(caller.user)
        accepted = server.Accepted(frame.turn, self._before(account, frame.turn))
        return [server.encode(accepted), *_after(entry, frame.after)]

    async def interrupt(self, caller: Caller, frame: client.Interrupt) -> type_of_frames:
        """Stop a turn, which its `done` confirms; or trim one that is done to what was heard."""
        heard = Heard(_given(frame.heard_ms), _given(frame.heard_chars))
        entry = await self._read(caller, frame.turn)
        if entry.state in _OPEN and await self.signals.stop(caller.user, frame.turn, heard):
            return []
        entry = await self._read(caller, frame.turn)
        if entry.state is not State.DONE:
            return _ended(entry, -1)
        return [server.encode(await self._trim(entry, heard))]

    async def _again(self, caller: Caller, frame: client.Send, standing: Entry) -> type_of_frames:
        if standing.turn.text and standing.turn.text != screen(frame.text).text:
            raise Conflict("this turn's id is in use for another text: choose a fresh uuid for each turn")
        if standing.state is State.SHED:
            return await self._let_in(caller, frame, standing)
        if standing.state is State.QUEUED:
            await self._enqueue(standing.turn)
        return await self.resume(caller, client.Resume(turn=frame.turn, after=-1))

    async def _let_in(self, caller: Caller, frame: client.Send, shed: Entry | None) -> type_of_frames:
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
        for _ in range(_TRIES):
            account, now = await self.accounts.read(caller.user), self.clock.now()
            admitted, due = let_in(account, turn, now, minor=caller.identity.minor)
            if await self.accounts.write(admitted):
                return position(account, now), due
        raise Busy("several of your turns arrived at once: send it again", retry_after_ms=100)

    async def _enqueue(self, turn: Turn) -> None:
        await self.queue.send(TurnJob(turn.user, turn.id, turn.attempt).message())

    async def _read(self, caller: Caller, turn: str) -> Entry:
        entry = await self.ledger.read(caller.user, turn)
        if entry is None:
            raise NotFound("you have no such turn: send it first")
        return entry

    def _before(self, account: Account, turn: str) -> int:
        mine = account.open.get(turn, self.clock.now())
        return sum(at < mine for at in account.open.values())

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


def _ended(entry: Entry, seen: int) -> type_of_frames:
    """Return what is stored of an ended turn; its id is known for longer than what was said."""
    if not entry.frames:
        raise NotFound("this turn is over, and what was said in it is no longer kept here: look into the history")
    return _after(entry, seen)


def _after(entry: Entry, seen: int) -> type_of_frames:
    """Return the stored frames after *seen*; an end that has no number is always among them."""
    unnumbered = entry.state in {State.SHED, State.FAILED}
    return [
        frame
        for number, frame in enumerate(entry.frames)
        if number > seen or (unnumbered and number == len(entry.frames) - 1)
    ]
