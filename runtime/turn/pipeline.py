"""The answer's critical path: everything that can overlap does, and only two gates let anything out.

    admitted ─┬─ judge(input) ─────────────────────────┐ opens the text gate
              └─ recall ── prompt ── model ── chunks ──┼─ judge(chunk) ── text gate ── audio gate
                                                       └─ synthesise(chunk) ───────────┘

The text gate alone decides; the audio gate (`voice`) sees a chunk only after its text was released. Synthesis starts
before the verdict is known, and is thrown away where the verdict masks or blocks.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

from runtime.conversation import Heard, Passage, Prompt, Turn, Usage, Verdict
from runtime.errors import Transient, Unavailable, Unjudged, cause_of
from runtime.prompt import estimated
from runtime.protocol import server
from runtime.sentences import Chunker, sentence_so_far
from runtime.speech import heard_chars
from runtime.turn.ending import Ending
from runtime.turn.grounds import Grounds
from runtime.turn.parts import Outlet, Parts
from runtime.turn.plan import Plan
from runtime.turn.release import Release
from runtime.turn.timings import Timings
from runtime.turn.voice import Track, Voice

_REPLY_CHARACTERS = 4_000
_BROKEN_VOICE = "The voice failed: the rest of this answer is text only."
_BUSY_VOICE = "There is a lot to do just now: this answer is text only."
_BUSY_MEMORY = "There is a lot to do just now: I answered without looking back."


@dataclass(frozen=True, slots=True)
class Chunk:
    """A unit of moderation and of speech, cut from the model's stream."""

    text: str
    verdict: asyncio.Task[Verdict]
    track: Track | None


class Answer:
    """One answer in the making; `run` makes it, `stop` ends it early."""

    def __init__(self, turn: Turn, parts: Parts, outlet: Outlet, *, plan: Plan, timings: Timings) -> None:
        """Go on where the outlet's durable frames end."""
        self._turn, self._parts, self._plan, self._timings = turn, parts, plan, timings
        self._release = Release(turn.id, outlet, timings)
        self._grounds = Grounds(turn, parts, timings)
        self._cut: asyncio.Queue[Chunk | None] = asyncio.Queue()
        self._sentence = sentence_so_far(self._release.said)
        self._voice = self._voiced(outlet)
        self._scope: asyncio.Timeout | None = None
        self._heard: Heard | None = None
        self._usage: Usage | None = None
        self._prompt: Prompt | None = None
        self._asked: Verdict | None = None
        self._blocked = self._announced = False

    def stop(self, heard: Heard) -> None:
        """Say no more; *heard* tells how much of the answer is to be remembered as said."""
        self._heard = heard
        if self._scope is not None and not self._scope.expired():
            self._scope.reschedule(0)

    async def run(self, seconds: float) -> Ending:
        """Answer within *seconds*; raise `Unavailable` past them, `Unjudged` where the moderator fails."""
        try:
            async with asyncio.timeout(seconds) as self._scope:
                if self._heard is None:
                    await self._answer()
        except TimeoutError:
            if self._heard is None:
                raise Unavailable("the answer was not complete at the turn's deadline") from None
        finally:
            self._scope = None
        return self._ending(self._asked or await self._judged_late())

    def _voiced(self, outlet: Outlet) -> Voice | None:
        if not (self._turn.voice and self._plan.voice and self._parts.synthesiser):
            return None
        return Voice(self._turn.id, self._parts.synthesiser, outlet.post, self._timings)

    async def _answer(self) -> None:
        try:
            async with asyncio.TaskGroup() as tasks:
                # In the order of the critical path: where nothing has to be waited for, tasks run one after another.
                self._grounds.gather(tasks, self._plan)
                thinking = tasks.create_task(self._think(tasks))
                asked = tasks.create_task(self._ask())
                if self._voice is not None:
                    tasks.create_task(self._voice.run())
                if (refusal := await self._pass(tasks, asked)) is not None:
                    thinking.cancel()
                    self._drop()
                    await self._refuse(tasks, refusal)
                if self._voice is not None:
                    self._voice.close()
        except BaseExceptionGroup as group:
            raise cause_of(group) from None

    def _drop(self) -> None:
        """Throw away what is cut and not released: none of it may be seen or heard."""
        while not self._cut.empty():
            if (chunk := self._cut.get_nowait()) is not None:
                self._discard(chunk)

    def _discard(self, chunk: Chunk) -> None:
        chunk.verdict.cancel()
        if chunk.track is not None and self._voice is not None:
            self._voice.discard(chunk.track)

    async def _think(self, tasks: asyncio.TaskGroup) -> None:
        """Cut the model's stream into chunks, each with its verdict and its audio under way."""
        prompt = await self._grounds.prompt(self._plan, answered=self._release.said)
        if self._heard is not None:  # Stopped before it began, and about to be cancelled: it costs no model.
            return
        self._prompt = prompt
        start, room, chunker = self._timings.ms(), _REPLY_CHARACTERS, Chunker()
        async with aclosing(self._parts.model.stream(prompt)) as stream:
            async for piece in stream:
                if isinstance(piece, Usage):
                    self._usage = piece
                    continue
                if room == _REPLY_CHARACTERS:
                    self._timings.span("model_first", start)
                for text in chunker.push(piece[:room], patient=self._voice is not None and self._voice.playing):
                    self._begin(tasks, text)
                if (room := room - len(piece)) <= 0:
                    break
        self._timings.span("model", start)
        # An answer that is too long ends with its last whole sentence.
        for text in chunker.end() if room > 0 else ():
            self._begin(tasks, text)
        self._cut.put_nowait(None)

    def _begin(self, tasks: asyncio.TaskGroup, text: str) -> None:
        """Make a chunk's audio and ask for its verdict, both at once."""
        track = self._voice.synthesise(tasks, text) if self._voice is not None else None
        verdict = tasks.create_task(self._judge_next(text))
        self._cut.put_nowait(Chunk(text, verdict, track))

    async def _judge_next(self, text: str) -> Verdict:
        """Judge the next chunk with what is out of its sentence: tasks begin in the order in which they were made."""
        passage = Passage(text, "output", self._sentence)
        self._sentence = sentence_so_far(self._sentence + text)
        return await self._judge("moderate_output", passage)

    async def _ask(self) -> Verdict:
        """Judge what the person said; what the policy's own patterns refused needs no second opinion."""
        if self._turn.refused:
            return Verdict("block", "", "screened")
        return await self._judge("moderate_input", Passage(self._turn.text, "input"))

    async def _judged_late(self) -> Verdict:
        """Judge what was said though nobody waits for an answer any more: only what passes may be remembered."""
        try:
            return await self._ask()
        except Unjudged:
            return Verdict("block", "", "unjudged")

    async def _judge(self, stage: str, passage: Passage) -> Verdict:
        start = self._timings.ms()
        try:
            return await self._parts.moderator.judge(passage)
        except Transient as error:
            raise Unjudged("what was said could not be checked just now: try again in a moment") from error
        finally:
            self._timings.span(stage, start)

    async def _pass(self, tasks: asyncio.TaskGroup, asked: asyncio.Task[Verdict]) -> Verdict | None:
        """Let chunk after chunk through, each behind its verdict; return the verdict that refused the rest, if any."""
        self._asked = verdict = await asked
        if verdict.blocked:
            return verdict
        while (chunk := await self._cut.get()) is not None:
            verdict = await chunk.verdict
            if verdict.blocked:
                self._discard(chunk)
                return Verdict("block", "", verdict.reason)
            await self._say(tasks, chunk, verdict.text)
        if not self._release.texts:
            raise Unavailable("the model said nothing")
        return None

    async def _say(self, tasks: asyncio.TaskGroup, chunk: Chunk, text: str) -> None:
        await self._announce()
        await self._release.text(text)
        if self._voice is None or chunk.track is None:
            return
        track = chunk.track if text == chunk.text else self._voice.remake(tasks, chunk.track, text)
        self._voice.release(track, len(self._release.texts) - 1)
        if self._voice.failed:
            await self._release.notice("shed_voice", _BROKEN_VOICE)

    async def _announce(self) -> None:
        """Tell what has to be told before the answer: the policy's notices, and what this turn goes without.

        Not before there is something to say: as long as nothing is out, a turn can be tried again or shed.
        """
        if self._announced:
            return
        self._announced = True
        for kind in self._turn.due:
            await self._release.notice(cast("server.NoticeKind", kind), self._parts.policy.notice(kind))
        if self._turn.voice and self._voice is None:
            await self._release.notice("shed_voice", _BUSY_VOICE if self._parts.synthesiser else self._parts.voiceless)
        if not self._plan.memory:
            await self._release.notice("shed_memory", _BUSY_MEMORY)

    async def _refuse(self, tasks: asyncio.TaskGroup, verdict: Verdict) -> None:
        """Say what the policy says instead; after a takeover only what is not out yet."""
        self._blocked = True
        await self._announce()
        policy = self._parts.policy
        crisis = verdict.decision == "crisis"
        message = policy.crisis.reply if crisis else policy.refusal(output=verdict is not self._asked)
        if not self._release.said.endswith(message):
            text = f" {message}" if self._release.said else message
            await self._release.text(text)
            if self._voice is not None:
                self._voice.release(self._voice.synthesise(tasks, text), len(self._release.texts) - 1)
        if crisis:
            await self._release.notice("crisis", policy.crisis.notice)

    def _estimated(self, said: str) -> Usage:
        """Return about what an answer cost whose model did not come to say it."""
        return Usage() if self._prompt is None else estimated(self._prompt, said)

    def _ending(self, asked: Verdict) -> Ending:
        said = self._release.said
        timeline = self._voice.timeline() if self._voice is not None else ()
        heard = len(said) if self._heard is None else heard_chars(self._heard, timeline, len(said))
        return Ending(
            asked=asked.text,
            heard=None if asked.blocked or self._turn.private else heard,
            stopped=self._heard is not None,
            blocked=self._blocked,
            usage=self._usage or self._estimated(said),
            recalled=self._grounds.recalled,
            timeline=timeline,
        )
