"""The law of the turn: under any interleaving of its parts, no frame precedes its verdicts."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass, field
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.adapters.local.scripted import ScriptedModel, ScriptedSynthesiser
from runtime.conversation import Heard, Passage, Verdict
from runtime.errors import Unavailable, Unjudged
from runtime.policy import load
from runtime.protocol import server
from runtime.speech import prepare
from tests import virtual_time
from tests.runtime.stage import Outlet, Stage

ASKED = "How was it?"
DELAYS = st.sampled_from([0.0, 0.0, 0.001, 0.01, 0.05, 0.3])
Decision = Literal["allow", "mask", "block", "crisis"]
DECISIONS = st.sampled_from(["allow", "allow", "allow", "mask", "block"])


@dataclass
class Judge:
    """Gives prescribed verdicts after prescribed delays, and knows at any time which are known."""

    asked: Decision
    decisions: list[Decision]
    delays: list[float]
    fails: int | None
    known: dict[str, tuple[str, str]] = field(default_factory=dict)
    count: int = 0

    async def judge(self, passage: Passage) -> Verdict:
        """Judge, and note the verdict the moment it is out."""
        number, self.count = self.count, self.count + 1
        await asyncio.sleep(self.delays[number % len(self.delays)])
        if number == self.fails:
            raise Unavailable("the moderator is down")
        decision = self.asked if passage.source == "input" else self._decision(passage.text)
        verdict = Verdict(decision, passage.text.replace("is here", "*** ****") if decision == "mask" else passage.text)
        self.known[passage.text] = verdict.decision, verdict.text
        return verdict

    def _decision(self, text: str) -> Decision:
        return self.decisions[int(text.split()[2]) % len(self.decisions)]


class Watching(Outlet):
    """An outlet that holds each frame against the verdicts known at that very moment."""

    def __init__(self, judge: Judge) -> None:
        super().__init__()
        self._judge = judge

    def _note(self, frame: server.Frame) -> None:
        super()._note(frame)
        assert ASKED in self._judge.known, "a frame before the input's verdict"
        if isinstance(frame, server.Text) and not load().is_refusal(frame.delta):
            assert self._judge.known[ASKED][0] not in {"block", "crisis"}
            self._allowed(frame.delta)
        if isinstance(frame, server.Audio) and frame.data:
            assert frame.chunk < len(self.texts), "audio before its text"
            assert sound(frame) in prepare(self.texts[frame.chunk]).said

    def _allowed(self, text: str) -> None:
        released = {shown for decision, shown in self._judge.known.values() if decision in {"allow", "mask"}}
        assert text in released, "a chunk before its verdict"


@dataclass(frozen=True)
class Case:
    """One interleaving: decisions, delays of judge, model and synthesiser, and what goes wrong when."""

    asked: Decision
    decisions: list[Decision]
    delays: list[float]
    paces: tuple[float, float, float, float]
    fails: int | None
    interrupted: float | None
    voice: bool


CASES = st.builds(
    Case,
    asked=st.sampled_from(["allow", "allow", "allow", "mask", "block", "crisis"]),
    decisions=st.lists(DECISIONS, min_size=1, max_size=5),
    delays=st.lists(DELAYS, min_size=1, max_size=7),
    paces=st.tuples(DELAYS, DELAYS, DELAYS, DELAYS),
    fails=st.sampled_from([None, None, None, 0, 1, 3]),
    interrupted=st.sampled_from([None, None, 0.0, 0.01, 0.2]),
    voice=st.booleans(),
)
SENTENCE = "Sentence number {number} **is here** 🎉 [for](https://example.com/{number}) $4.50!"
PIECES = [f"{word} " for number in range(5) for word in SENTENCE.format(number=number).split()]


def sound(*frames: server.Audio) -> str:
    """Return what the samples of *frames* say."""
    return b"".join(base64.b64decode(frame.data) for frame in frames).decode().strip("\0")


def spelled(text: str) -> list[bytes]:
    """Return samples that say *text*, five letters a piece."""
    return [text.encode()[start : start + 5] for start in range(0, len(text), 5)]


@given(CASES)
@settings(max_examples=400, deadline=None)
def test_no_frame_precedes_its_verdicts_under_any_interleaving(case: Case) -> None:
    judge = Judge(case.asked, case.decisions, case.delays, case.fails)
    outlet = Watching(judge)
    stage = Stage(
        model=ScriptedModel(PIECES, first=case.paces[0], each=case.paces[1]),
        moderator=judge,
        synthesiser=ScriptedSynthesiser(spelled, first=case.paces[2], each=case.paces[3]),
        text=ASKED,
        voice=case.voice,
        outlet=outlet,
        interrupt=None if case.interrupted is None else (case.interrupted, Heard()),
    )

    virtual_time.run(_played(stage, judge, outlet))


async def _played(stage: Stage, judge: Judge, outlet: Watching) -> None:
    try:
        ending = await stage.play()
    except Unjudged:
        assert judge.fails is not None
    else:
        _whole(stage, judge, outlet, blocked=ending.blocked)
    assert len(asyncio.all_tasks()) == 1


def _whole(stage: Stage, judge: Judge, outlet: Watching, *, blocked: bool) -> None:
    """Hold what left against what had to leave, where nothing cut it short."""
    if stage.interrupt is not None:
        return
    numbers = [frame.seq for frame in map(server.decode, outlet.frames) if isinstance(frame, server.Durable)]
    assert numbers == list(range(len(outlet.frames)))
    chosen = [judge.decisions[number % len(judge.decisions)] for number in range(5)]
    until = chosen.index("block") if "block" in chosen else 5
    refused = judge.asked in {"block", "crisis"}
    assert blocked == (refused or until < 5)
    assert len(outlet.texts) == (1 if refused else until + (until < 5))
    if stage.voice:
        for chunk, text in enumerate(outlet.texts):
            frames = [frame for frame in outlet.audio if frame.chunk == chunk]
            assert (sound(*frames), [frame.last for frame in frames].index(True)) == (
                prepare(text).said,
                len(frames) - 1,
            )
