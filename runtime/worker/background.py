"""What is done when nobody waits: exchanges become memories, and operators' wishes are carried out."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from msgspec.structs import replace

from runtime.conversation import TURN_SECONDS, Delivery, Entry, Exchange, Said, memory_id
from runtime.erasure import Requests
from runtime.extraction.learning import learn
from runtime.extraction.reading import read as read_facts
from runtime.jobs import EraseJob, HoldJob, RememberJob, ReplayJob, TurnJob, read
from runtime.ports import Accounts, Clock, Ledger, Memories, Model, Queue, Recent
from runtime.recall import Meaning

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Background:
    """Where background jobs read and write; *reader* is the language model that finds facts, if there is one."""

    memories: Memories
    recent: Recent
    accounts: Accounts
    ledger: Ledger
    turns: Queue
    clock: Clock
    erasing: Requests
    meaning: Meaning | None = None
    reader: Model | None = None

    async def handle(self, delivery: Delivery) -> None:
        """Do one job; each is harmless twice."""
        job = read(delivery.message)
        if isinstance(job, RememberJob):
            await self._remember(job)
        elif isinstance(job, ReplayJob):
            await self.replay(job.limit)
        elif isinstance(job, EraseJob):
            await self.erasing.go_on(job.user)
        elif isinstance(job, HoldJob):
            await self.erasing.go_on_with_round(job)

    async def replay(self, limit: int) -> int:
        """Send at most *limit* failed turns to the worker as new attempts; return how many there were.

        A turn whose text is gone (private, or older than a day) stays as it is: there is nothing to answer.
        """
        failed = [entry for entry in await self.ledger.failed(limit) if entry.turn.text]
        sent = [entry for entry in failed if await self._again(entry)]
        return len(sent)

    async def _remember(self, job: RememberJob) -> None:
        exchange = await self._current(job)
        if exchange is None:
            return
        for said in _utterances(exchange):
            await self.memories.remember(job.user, said)
        stated = await read_facts(self.memories, exchange, self.reader)
        if stated and await self._current(job) is not None:
            changed = await learn(self.memories, job.user, job.turn, exchange.at, stated)
            _log.info("facts.learned", extra={"turn": job.turn, "stated": len(stated), "changed": changed})
        if self.meaning is not None:
            await self.meaning.learn(job.user)

    async def _current(self, job: RememberJob) -> Exchange | None:
        """Return what is to be remembered; None once it was forgotten, or the user erased."""
        account = await self.accounts.read(job.user)
        if account.erasing or account.erasure != job.erasure:
            return None
        return await self.recent.read(job.user, job.turn)

    async def _again(self, entry: Entry) -> bool:
        now = self.clock.now()
        turn = replace(entry.turn, attempt=entry.turn.attempt + 1, admitted=now, deadline=now + TURN_SECONDS)
        if not await self.ledger.renew(Entry(turn=turn, connection=entry.connection)):
            return False
        await self.turns.send(TurnJob(turn.user, turn.id, turn.attempt).message())
        return True


def _utterances(exchange: Exchange) -> list[Said]:
    """Return what each side said in *exchange*, the user first; a day (UTC) is a session."""
    session = f"{exchange.at // 86_400:.0f}"
    spoken = (("user", exchange.text, 0.0), ("companion", exchange.reply, 0.001))
    return [
        Said(
            id=memory_id(exchange.user, exchange.turn, speaker),
            session=session,
            speaker=speaker,
            at=exchange.at + later,
            text=text,
            source=exchange.turn,
        )
        for speaker, text, later in spoken
        if text
    ]
