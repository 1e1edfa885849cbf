"""The port of what speaks, for each of its adapters: Polly by the real SDK, and the engines of this machine."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from functools import partial

import pytest

from runtime.adapters.aws.polly import PollySynthesiser
from runtime.adapters.local.voice.synthesiser import voice
from runtime.conversation import Marks, Pcm
from runtime.ports import Synthesiser
from tests import voices
from tests.adapters.on_aws import clients
from tests.parts.wire import Polly, serving

pytestmark = pytest.mark.real

SAID = (
    "Do you remember the lake, the old boat and the rain? I do. It was 4 in the morning, and we laughed all day long."
)
type_of_opener = Callable[[], AbstractAsyncContextManager[Synthesiser]]


@asynccontextmanager
async def polly() -> AsyncIterator[Synthesiser]:
    async with serving(Polly()) as wire, clients(wire) as opened:
        yield PollySynthesiser(await opened.open("polly"), voice="Joanna", engine="neural")


@asynccontextmanager
async def engine(name: str) -> AsyncIterator[Synthesiser]:
    async with voice(voices.required(name)) as synthesiser:
        yield synthesiser


OPENERS: dict[str, type_of_opener] = {"polly": polly, **{name: partial(engine, name) for name in voices.ENGINES}}


@pytest.fixture(params=OPENERS)
def opens(request: pytest.FixtureRequest) -> type_of_opener:
    return OPENERS[str(request.param)]


async def spoken(synthesiser: Synthesiser, text: str) -> tuple[list[bytes], list[Marks]]:
    """Return the pieces of the audio of *text*, and its marks."""
    async with aclosing(synthesiser.speak(text)) as stream:
        items = [item async for item in stream]
    return [item.data for item in items if isinstance(item, Pcm)], [item for item in items if isinstance(item, Marks)]


async def test_the_audio_comes_in_many_pieces_of_whole_samples(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        pieces, _ = await spoken(synthesiser, SAID)

    assert len(pieces) > 5
    assert all(piece and len(piece) % 2 == 0 for piece in pieces)
    assert 4_000 < sum(map(len, pieces)) / 32 < 15_000  # Milliseconds.
    assert len(set(b"".join(pieces))) > 100  # It is no silence.


async def test_the_marks_are_the_words_of_the_text_in_their_order_and_time(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        pieces, (marks,) = await spoken(synthesiser, SAID)

    words = [SAID[start:end] for _, start, end in marks.words]
    assert words[:9] == ["Do", "you", "remember", "the", "lake", "the", "old", "boat", "and"]
    assert len(words) >= len(SAID.split()) - 2  # Some voices say "in the" as one.
    times = [ms for ms, _, _ in marks.words]
    assert times == sorted(times)
    assert 0 <= times[0] < 500
    assert times[-1] < sum(map(len, pieces)) / 32


async def test_marks_are_places_in_the_text_and_not_in_its_bytes(opens: type_of_opener) -> None:
    text = "Grüße, my café 🏡, dear Ana."
    async with opens() as synthesiser:
        _, (marks,) = await spoken(synthesiser, text)

    words = [text[start:end] for _, start, end in marks.words]
    assert [word for word in words if word != "🏡"] == ["Grüße", "my", "café", "dear", "Ana"]


async def test_nothing_is_made_of_nothing(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        assert [await spoken(synthesiser, text) for text in ("", " \n")] == [([], []), ([], [])]


async def test_no_text_keeps_a_voice_from_the_next(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        for text in (
            "…",
            "-",
            "日本",
            "<speak>",
            "a" * 100,
            "%s\0\x1b",
            "🏡",
            "\ud800".encode("utf-8", "replace").decode(),
        ):
            await spoken(synthesiser, text)
        pieces, _ = await spoken(synthesiser, "Hello there.")

    assert pieces


async def test_the_same_text_sounds_the_same(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        first, again = [await spoken(synthesiser, "Well, I think so.") for _ in range(2)]

    assert abs(sum(map(len, first[0])) - sum(map(len, again[0]))) < 3_200


async def test_many_texts_at_once_are_all_said(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        said = await asyncio.gather(*(spoken(synthesiser, f"This is number {number}.") for number in range(6)))

    assert all(pieces and len(marks) == 1 for pieces, marks in said)


async def test_who_leaves_a_text_can_have_the_next_one_said(opens: type_of_opener) -> None:
    async with opens() as synthesiser:
        for _ in range(3):
            async with aclosing(synthesiser.speak(SAID)) as stream:
                await anext(stream)

        assert (await spoken(synthesiser, "Hello there."))[0]
