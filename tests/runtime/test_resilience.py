"""Deadlines and retries in virtual time: how long each part is waited for, and when it is asked again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator, ScriptedSynthesiser
from runtime.conversation import Passage, Pcm, Prompt, Usage, Verdict
from runtime.errors import NotOffered, Unavailable
from runtime.ports import Model
from runtime.resilience import (
    Patience,
    SteadyModel,
    SteadyModerator,
    SteadySynthesiser,
    paced,
)

PROMPT = Prompt("", (), (), "Where were you?", 0.0)
PATIENCE = Patience(
    model_first=8.0, model_between=4.0, model_tries=3, moderator=1.5, moderator_tries=2, synthesis=5.0, pause=0.1
)


@dataclass
class Moody:
    """A model that behaves otherwise each time it is asked."""

    models: list[ScriptedModel]
    asked: list[float] = field(default_factory=list)

    def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Take the next model."""
        self.asked.append(now())
        return self.models[len(self.asked) - 1].stream(prompt)


def now() -> float:
    """Return the loop's time."""
    return asyncio.get_running_loop().time()


def steady(model: Model) -> SteadyModel:
    """Wrap *model*."""
    return SteadyModel(model, PATIENCE, random.Random(1))


def broken(after: int = 0, first: float = 0.0) -> ScriptedModel:
    """Return a model that fails after so many pieces."""
    return ScriptedModel(["One ", "two ", "three"], first=first, failure=Unavailable("gone"), fails_after=after)


def failing(times: int) -> Callable[[Passage], Verdict]:
    """Return verdicts that are failures so many times."""
    failures = iter([Unavailable("gone")] * times)

    def verdict(passage: Passage) -> Verdict:
        if failure := next(failures, None):
            raise failure
        return Verdict("allow", passage.text)

    return verdict


async def pieces(model: Model) -> list[str]:
    """Return all that *model* says."""
    async with aclosing(model.stream(PROMPT)) as stream:
        return [piece async for piece in stream if isinstance(piece, str)]


async def numbers(*delays: float) -> AsyncGenerator[int, None]:
    """Count, each number after its delay."""
    for number, delay in enumerate(delays):
        await asyncio.sleep(delay)
        yield number


async def listed(stream: AsyncGenerator[int, None], first: float = 8.0, between: float = 4.0) -> list[int]:
    """Return what comes through `paced`."""
    return [item async for item in paced(stream, first=first, between=between, what="it")]


async def test_the_first_item_may_take_its_time_and_the_later_ones_theirs() -> None:
    assert await listed(numbers(7.9, 3.9, 3.9, 0.0, 3.9)) == [0, 1, 2, 3, 4]


async def test_who_never_begins_is_waited_for_until_the_first_deadline() -> None:
    with pytest.raises(Unavailable, match="it sent nothing in time"):
        await listed(numbers(8.1))

    assert now() == pytest.approx(8.0)


async def test_who_falls_silent_is_waited_for_until_the_later_deadline_and_half_of_it_more_at_most() -> None:
    with pytest.raises(Unavailable):
        await listed(numbers(1.0, 100.0))

    assert 5.0 <= now() <= 7.0


async def test_a_stream_of_any_length_is_cut_by_its_silence_alone() -> None:
    assert len(await listed(numbers(*[1.0] * 1000))) == 1000


async def test_a_model_that_fails_before_its_first_piece_is_asked_again() -> None:
    model = Moody([broken(), broken(), ScriptedModel(["One"])])

    assert await pieces(steady(model)) == ["One"]
    assert len(model.asked) == 3


async def test_between_two_tries_there_is_a_pause_of_which_half_is_chance() -> None:
    model = Moody([broken(), broken(), ScriptedModel(["One"])])
    await pieces(steady(model))

    pauses = [later - earlier for earlier, later in zip(model.asked, model.asked[1:], strict=False)]
    assert all(0.05 <= pause <= 0.15 for pause in pauses)
    assert pauses[0] != pauses[1]


async def test_a_model_that_fails_each_time_is_asked_as_often_as_it_may_be() -> None:
    model = Moody([broken(), broken(), broken(), ScriptedModel(["never"])])

    with pytest.raises(Unavailable, match="gone"):
        await pieces(steady(model))

    assert len(model.asked) == 3


@pytest.mark.parametrize("after", [1, 2, 3])
async def test_a_model_that_fails_once_it_has_begun_is_not_asked_again(after: int) -> None:
    model = Moody([broken(after), ScriptedModel(["never"])])
    async with aclosing(steady(model).stream(PROMPT)) as stream:
        assert [await anext(stream) for _ in range(after)] == ["One ", "two ", "three"][:after]

        with pytest.raises(Unavailable):
            await anext(stream)

    assert len(model.asked) == 1


async def test_a_model_that_keeps_one_waiting_is_asked_again() -> None:
    model = Moody([ScriptedModel(["late"], first=8.1), ScriptedModel(["One"])])

    assert await pieces(steady(model)) == ["One"]
    assert model.models[0].closed == 1
    assert 8.0 < now() < 8.2


async def test_a_model_that_refuses_is_not_asked_again() -> None:
    model = Moody([ScriptedModel([], failure=NotOffered("no key"))])

    with pytest.raises(NotOffered):
        await pieces(steady(model))


async def test_closing_the_answer_closes_the_models_stream() -> None:
    model = ScriptedModel(["One ", "two ", "three"], each=1.0)
    async with aclosing(steady(model).stream(PROMPT)) as stream:
        await anext(stream)

    assert model.closed == 1


async def test_cancelling_the_answer_closes_the_models_stream() -> None:
    model = ScriptedModel(["One ", "two ", "three"], each=1.0)

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(1.5):
            await pieces(steady(model))

    assert model.closed == 1


async def test_a_moderator_that_fails_once_is_asked_again_within_its_deadline() -> None:
    inner = ScriptedModerator(failing(1), delay=0.5)

    verdict = await SteadyModerator(inner, PATIENCE).judge(Passage("Hello", "input"))

    assert verdict == Verdict("allow", "Hello")
    assert now() == pytest.approx(1.1)


@pytest.mark.parametrize(("delay", "asked"), [(2.0, 1), (0.9, 2)])
async def test_all_tries_of_a_moderator_share_one_deadline(delay: float, asked: int) -> None:
    inner = ScriptedModerator(failing(9), delay=delay)

    with pytest.raises(Unavailable, match="in time"):
        await SteadyModerator(inner, PATIENCE).judge(Passage("Hello", "input"))

    assert len(inner.passages) == asked
    assert now() == pytest.approx(1.5)


async def test_a_moderator_that_fails_each_time_never_allows() -> None:
    inner = ScriptedModerator(failing(9))

    with pytest.raises(Unavailable, match="gone"):
        await SteadyModerator(inner, PATIENCE).judge(Passage("Hello", "input"))

    assert len(inner.passages) == 2


async def test_a_voice_is_waited_for_between_its_pieces() -> None:
    quick = ScriptedSynthesiser([b"a", b"b"], first=4.9, each=4.9)
    slow = ScriptedSynthesiser([b"a", b"b"], first=5.1)

    assert [item async for item in SteadySynthesiser(quick, PATIENCE).speak("Hi")] == [Pcm(b"a"), Pcm(b"b")]
    with pytest.raises(Unavailable, match="the synthesiser sent nothing in time"):
        await anext(SteadySynthesiser(slow, PATIENCE).speak("Hi"))
