"""Who answers in a failing model's place, and what waits for a moderator's quota, in virtual time."""

from __future__ import annotations

import asyncio
import random
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator
from runtime.conversation import Passage, Prompt, Verdict
from runtime.errors import Failure, NotOffered, Unavailable
from runtime.ports import Model
from runtime.resilience import FallbackModel, LimitedModerator, Patience, SteadyModerator

PROMPT = Prompt("", (), (), "Where were you?", 0.0)


@dataclass
class Counted:
    """What was recorded."""

    events: list[tuple[str, dict[str, float | str]]] = field(default_factory=list)

    def record(self, event: str, **values: float | str) -> None:
        self.events.append((event, values))


def now() -> float:
    """Return the loop's time."""
    return asyncio.get_running_loop().time()


def broken(after: int = 0) -> ScriptedModel:
    """Return a model that fails after so many pieces."""
    return ScriptedModel(["One ", "two ", "three"], failure=Unavailable("gone"), fails_after=after)


async def pieces(model: Model) -> list[str]:
    """Return all that *model* says."""
    async with aclosing(model.stream(PROMPT)) as stream:
        return [piece async for piece in stream if isinstance(piece, str)]


@pytest.mark.parametrize("failure", [Unavailable("gone"), NotOffered("retired")])
async def test_another_model_answers_in_place_of_one_that_fails_before_its_first_word(failure: Failure) -> None:
    metrics, other = Counted(), ScriptedModel(["One ", "two"])
    model = FallbackModel(ScriptedModel(["", "never"], failure=failure, fails_after=1), other, metrics)

    assert await pieces(model) == ["", "One ", "two"]
    assert other.prompts == [PROMPT]
    assert metrics.events == [("model.fallback", {"failure": type(failure).__name__})]


async def test_no_other_model_goes_on_with_an_answer_that_broke() -> None:
    metrics, other = Counted(), ScriptedModel(["never"])

    with pytest.raises(Unavailable):
        await pieces(FallbackModel(broken(1), other, metrics))

    assert other.prompts == []
    assert metrics.events == []


async def test_a_model_that_answers_needs_no_other() -> None:
    metrics, other = Counted(), ScriptedModel(["never"])

    assert await pieces(FallbackModel(ScriptedModel(["One"]), other, metrics)) == ["One"]
    assert (other.prompts, metrics.events) == ([], [])


async def test_closing_the_answer_closes_the_stream_of_whichever_model_gives_it() -> None:
    model, other = broken(), ScriptedModel(["One ", "two"])
    async with aclosing(FallbackModel(model, other, Counted()).stream(PROMPT)) as stream:
        await anext(stream)

    assert other.closed == 1


async def test_no_more_is_asked_of_a_moderator_at_once_than_its_quota_allows() -> None:
    inner = ScriptedModerator(delay=1.0)
    moderator = LimitedModerator(inner, at_once=2, dice=random.Random(1))
    verdicts = [asyncio.ensure_future(moderator.judge(Passage(str(number), "output"))) for number in range(5)]
    await asyncio.sleep(0.5)

    assert len(inner.passages) == 2
    assert len(await asyncio.gather(*verdicts)) == 5
    assert now() == pytest.approx(3.0)


async def test_waiting_for_a_place_is_no_failure_of_the_moderator() -> None:
    moderator = LimitedModerator(
        SteadyModerator(ScriptedModerator(delay=1.4), Patience()), at_once=1, dice=random.Random(1)
    )

    verdicts = await asyncio.gather(*(moderator.judge(Passage("Hello", "input")) for _ in range(4)))

    assert {verdict.decision for verdict in verdicts} == {"allow"}
    assert now() == pytest.approx(5.6)


async def test_who_stops_waiting_for_a_place_takes_none() -> None:
    moderator = LimitedModerator(ScriptedModerator(delay=1.0), at_once=1, dice=random.Random(1))
    first = asyncio.ensure_future(moderator.judge(Passage("One", "output")))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(moderator.judge(Passage("Two", "output")), 0.5)

    assert (await moderator.judge(Passage("Three", "output"))).text == "Three"
    assert first.done()


async def test_a_moderator_that_asks_to_be_left_alone_is_and_then_asked_again() -> None:
    failures = iter([Unavailable("throttled", after=1.0)] * 3)

    def throttled(passage: Passage) -> Verdict:
        if failure := next(failures, None):
            raise failure
        return Verdict("allow", passage.text)

    inner = ScriptedModerator(throttled)
    moderator = LimitedModerator(SteadyModerator(inner, Patience()), at_once=1, dice=random.Random(1))

    assert (await moderator.judge(Passage("Hello", "input"))).decision == "allow"
    assert len(inner.passages) == 4
    assert 1.5 <= now() <= 4.5
