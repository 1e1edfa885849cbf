"""What the gates let out, and what is said instead, on scripted parts in virtual time."""

from __future__ import annotations

from typing import Literal

import pytest

from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator, ScriptedSynthesiser
from runtime.conversation import Heard, Passage, Verdict
from runtime.errors import Unavailable, Unjudged
from runtime.policy import load
from tests.runtime.stage import SAID, Stage


def judging(source: str, decision: Literal["block", "crisis"], delay: float = 0.0) -> ScriptedModerator:
    def verdict(passage: Passage) -> Verdict:
        return Verdict(decision if passage.source == source else "allow", passage.text)

    return ScriptedModerator(verdict, delay=delay)


async def test_refused_input_is_answered_by_the_policy_and_not_kept() -> None:
    stage = Stage(ScriptedModel(SAID, each=0.1), judging("input", "block", delay=0.15))

    ending = await stage.play()

    assert stage.outlet.texts == [load().messages.input]
    assert (ending.blocked, ending.heard, stage.model.closed) == (True, None, 1)


async def test_crisis_language_gets_the_referring_reply_and_its_notice() -> None:
    stage = Stage(ScriptedModel(SAID), judging("input", "crisis"))

    ending = await stage.play()

    assert stage.outlet.texts == [load().crisis.reply]
    assert (stage.outlet.kinds, ending.blocked, ending.heard) == (["crisis"], True, None)


async def test_what_led_to_a_refused_chunk_stays_unsaid() -> None:
    stage = Stage(ScriptedModel(SAID), ScriptedModerator({" We walked home.": Verdict("block", "")}))

    ending = await stage.play()

    assert stage.outlet.texts == ["It was a good day!", f" {load().messages.output}"]
    assert ending.blocked
    assert ending.heard is not None


async def test_a_refusal_is_spoken_too() -> None:
    stage = Stage(ScriptedModel(SAID), judging("output", "block"), ScriptedSynthesiser(), voice=True)

    await stage.play()

    assert stage.synthesiser is not None
    assert stage.synthesiser.texts[-1] == load().messages.output
    assert stage.outlet.audio[-1].last


async def test_masked_text_is_synthesised_again() -> None:
    moderator = ScriptedModerator({"It was a good day!": Verdict("mask", "It was a {NAME}!")})
    stage = Stage(ScriptedModel(SAID), moderator, ScriptedSynthesiser(), voice=True)

    await stage.play()

    assert stage.outlet.texts[0] == "It was a {NAME}!"
    assert stage.synthesiser is not None
    assert "It was a name!" in stage.synthesiser.texts


async def test_each_chunk_is_judged_with_what_went_before_it_in_its_sentence() -> None:
    moderator = ScriptedModerator()

    await Stage(ScriptedModel(["Well then my friend, ", "that was it. ", "Bye!"]), moderator).play()

    judged = [(passage.before, passage.text) for passage in moderator.passages if passage.source == "output"]
    assert judged == [("", "Well then my friend,"), ("Well then my friend,", " that was it."), ("", " Bye!")]


async def test_a_failing_moderator_ends_the_turn_without_a_word() -> None:
    def down(_: Passage) -> Verdict:
        raise Unavailable("down")

    stage = Stage(ScriptedModel(SAID), ScriptedModerator(down))

    with pytest.raises(Unjudged):
        await stage.play()

    assert stage.outlet.posted == []


async def test_what_was_said_is_judged_though_the_answer_was_stopped_before() -> None:
    stage = Stage(ScriptedModel(SAID), judging("input", "block", delay=0.3), interrupt=(0.0, Heard()))

    ending = await stage.play()

    assert (ending.stopped, ending.heard) == (True, None)


async def test_what_is_masked_is_kept_masked() -> None:
    moderator = ScriptedModerator({"How was it?": Verdict("mask", "How was {NAME}?")})

    ending = await Stage(ScriptedModel(SAID), moderator).play()

    assert ending.asked == "How was {NAME}?"
