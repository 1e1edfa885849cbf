"""A memory put right by the user: judged like anything they say, then in the place of what was wrong, under its id.

What else is known from the same turns follows. What was said there is no longer found by recall, since it speaks of
what was wrong; a fact that nobody said elsewhere, and that the corrected words do not state either, ends. Both stay in
the user's view, with the date. What the corrected words state is learned from them.

The recent turns are shown to the model word for word. Something said is put right there too; where a fact is, the words
stay as they were said, and the correction stands behind them, before anything that was answered.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec import structs
from msgspec.structs import replace

from runtime.admission.caller import Caller
from runtime.admission.remembered import shown
from runtime.conversation import Memory, Passage, Verdict, memory_id
from runtime.errors import Forbidden, NotFound, NotOffered, Unavailable, Unjudged
from runtime.extraction.attributes import alike
from runtime.extraction.learning import acquainted, learn
from runtime.extraction.rules import statements
from runtime.extraction.statement import Statement
from runtime.policy import Policy, screen
from runtime.ports import Accounts, Clock, Memories, Moderator, Recent
from runtime.protocol import client


@dataclass(frozen=True, slots=True)
class Corrections:
    """What `correct` reads and writes."""

    accounts: Accounts
    memories: Memories
    recent: Recent
    moderator: Moderator
    policy: Policy
    clock: Clock

    async def correct(self, caller: Caller, frame: client.Correct) -> list[bytes]:
        """Return the record as it stands now."""
        user = caller.user
        epoch = await self._epoch(user)
        text = await self._allowed(frame.text)
        wrong = await self.memories.read(user, frame.memory)
        if wrong is None:
            raise NotFound("you have no such memory: it may be forgotten already")
        if await self._epoch(user) != epoch:
            raise NotFound("you have no such memory: it was erased")
        now = self.clock.now()
        right = structs.replace(wrong, text=text, corrected=now, importance=1.0)
        if wrong.kind == "fact":
            right = structs.replace(right, value=await self._value(user, right))
        await self.memories.write(user, right)
        await (self._note if wrong.kind == "fact" else self._amend)(user, wrong, text)
        stated = await self._stated(user, right)
        for other in await self._beside(user, wrong):
            if not any(_same(one, other) for one in stated):
                await self.memories.write(user, structs.replace(other, valid_until=now))
        if right.source is not None:
            await learn(self.memories, user, right.source, now, stated)
        return [shown(right)]

    async def _epoch(self, user: str) -> int:
        account = await self.accounts.read(user)
        if account.erasing:
            raise NotOffered("everything about you is being erased just now: there is nothing to correct")
        return account.erasure

    async def _allowed(self, text: str) -> str:
        """Return *text* as it may be kept; raise `Forbidden` in the policy's words."""
        screened = screen(text)
        verdict = Verdict("block", "") if screened.blocked else await self._judged(screened.text)
        if verdict.decision == "crisis":
            raise Forbidden(self.policy.crisis.reply)
        if verdict.blocked:
            raise Forbidden(self.policy.refusal(output=False))
        return verdict.text

    async def _judged(self, text: str) -> Verdict:
        try:
            return await self.moderator.judge(Passage(text, "input"))
        except Unavailable:
            raise Unjudged("this could not be checked just now: try again in a moment") from None

    async def _value(self, user: str, fact: Memory) -> str:
        """Return what the *fact* states now: all of its text, where that is not put as it is otherwise said."""
        stated = statements(fact.text, fact.at, await acquainted(self.memories, user))
        values = [one.value for one in stated if (one.subject, one.attribute) == (fact.subject, fact.attribute)]
        return values[0] if values else fact.text

    async def _stated(self, user: str, right: Memory) -> list[Statement]:
        """Return the facts in the user's own words as they are put right."""
        if right.kind == "fact" or right.speaker != "user":
            return []
        return statements(right.text, right.at, await acquainted(self.memories, user))

    async def _amend(self, user: str, wrong: Memory, text: str) -> None:
        """Put right what the hot memory has of something said, word for word."""
        exchange = await self.recent.read(user, wrong.source) if wrong.source else None
        if exchange is None:
            return
        if wrong.speaker == "user" and exchange.text == wrong.text:
            await self.recent.add(replace(exchange, text=text))
        elif wrong.speaker == "companion" and exchange.reply == wrong.text:
            await self.recent.add(replace(exchange, reply=text))

    async def _note(self, user: str, wrong: Memory, text: str) -> None:
        """Let the hot memory say, behind what a fact was drawn from, that it was put right since."""
        for turn in wrong.sources:
            exchange = await self.recent.read(user, turn)
            if exchange is not None:
                await self.recent.add(replace(exchange, text=_noted(exchange.text, text)))

    async def _beside(self, user: str, wrong: Memory) -> list[Memory]:
        """Return what holds still, was not put right itself and comes from nowhere but the turns of *wrong*."""
        if wrong.kind == "said" and wrong.speaker != "user":
            return []
        said = [memory_id(user, turn, speaker) for turn in wrong.sources for speaker in ("user", "companion")]
        found = [await self.memories.read(user, memory) for memory in said]
        facts = await self.memories.facts(user) if wrong.kind == "said" else ()
        return [memory for memory in (*found, *facts) if memory is not None and _follows(memory, wrong)]


def _noted(text: str, correction: str) -> str:
    """Return what was said, with what it was corrected to; an earlier correction in the same words is not repeated."""
    note = f"\n(Put right since: {correction})"
    return text if text.endswith(note) else text + note


def _same(one: Statement, fact: Memory) -> bool:
    return (one.subject, one.attribute, alike(one.value)) == (fact.subject, fact.attribute, alike(fact.value))


def _follows(memory: Memory, wrong: Memory) -> bool:
    if memory.id == wrong.id or memory.valid_until is not None or memory.corrected is not None:
        return False
    return bool(memory.sources) and set(memory.sources) <= set(wrong.sources)
