"""Polly's voices, by the real SDK: audio as it comes, marks beside it, and what is left when something breaks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from runtime.adapters.aws.polly import PollySynthesiser
from runtime.adapters.aws.polly import marks as speech_marks
from runtime.conversation import Marks, Pcm
from runtime.errors import Unavailable
from tests.adapters.on_aws import clients
from tests.parts.wire import Call, Polly, Wire, faults, serving
from tests.parts.wire.faults import Answer
from tests.parts.wire.polly import pcm
from tests.parts.wire.reply import Reply

real = pytest.mark.real


@asynccontextmanager
async def speaking(
    polly: Polly | None = None,
    engine: str = "neural",
    **settings: Any,  # noqa: ANN401 - settings of a voice.
) -> AsyncIterator[tuple[PollySynthesiser, Wire]]:
    """Serve *polly* and open a voice on it."""
    async with serving(polly or Polly()) as wire, clients(wire) as opened:
        yield PollySynthesiser(await opened.open("polly"), voice="Joanna", engine=engine, **settings), wire


async def spoken(voice: PollySynthesiser, text: str) -> tuple[bytes, list[Marks]]:
    """Return the audio of *text*, which must come in whole samples, and its marks."""
    items = [item async for item in voice.speak(text)]
    pieces = [item.data for item in items if isinstance(item, Pcm)]
    assert all(piece and len(piece) % 2 == 0 for piece in pieces)
    return b"".join(pieces), [item for item in items if isinstance(item, Marks)]


def audio(wire: Wire) -> list[Call]:
    return [call for call in wire.calls if call.arguments["OutputFormat"] == "pcm"]


@real
@pytest.mark.parametrize("piece", [1, 333, 1001, 100_000])
async def test_the_audio_comes_in_whole_samples_however_the_body_is_cut(piece: int) -> None:
    async with speaking(Polly(piece)) as (voice, _):
        said, marks = await spoken(voice, "Hi Ana.")

    assert said == pcm("Hi Ana.")
    assert marks == [Marks(((0, 0, 2), (180, 3, 6)))]


@real
async def test_the_voice_is_asked_for_plain_text_at_16_khz() -> None:
    async with speaking(lexicon="names") as (voice, wire):
        await spoken(voice, "5 < 6 & so on.")

    (asked,) = audio(wire)
    assert asked.arguments == {
        "Text": "5 < 6 & so on.",
        "TextType": "text",
        "VoiceId": "Joanna",
        "Engine": "neural",
        "LexiconNames": ["names"],
        "OutputFormat": "pcm",
        "SampleRate": "16000",
    }


@real
async def test_the_first_audio_is_heard_before_the_last_is_made() -> None:
    held = asyncio.Event()
    async with (
        speaking(Polly(1000, held_at=2, until=held), "generative") as (voice, _),
        aclosing(voice.speak("Hello there.")) as items,
    ):
        first = await anext(items)
        held.set()
        rest = [item async for item in items]

    assert isinstance(first, Pcm)
    assert len(rest) > 1


@real
async def test_marks_are_places_in_the_text_and_not_in_its_bytes() -> None:
    async with speaking() as (voice, _):
        _said, (marks,) = await spoken(voice, "Grüße aus 東京 🏡, Ana.")

    assert [("Grüße aus 東京 🏡, Ana."[start:end]) for _, start, end in marks.words] == ["Grüße", "aus", "東京", "Ana"]


@real
async def test_a_generative_voice_has_no_marks_and_is_not_asked_for_them() -> None:
    async with speaking(engine="generative") as (voice, wire):
        assert (await spoken(voice, "Hello."))[1] == []

    assert len(wire.calls) == 1


@real
async def test_nothing_is_asked_to_say_nothing() -> None:
    async with speaking() as (voice, wire):
        assert await spoken(voice, " \n") == (b"", [])

    assert wire.calls == []


@real
async def test_a_text_beyond_the_services_limit_is_said_part_by_part() -> None:
    text = "word " * 700
    async with speaking(Polly(50_000)) as (voice, wire):
        said, marks = await spoken(voice, text)

    parts = [call.arguments["Text"] for call in audio(wire)]
    assert "".join(parts) == text
    assert all(len(part) <= 3000 for part in parts)
    assert (len(said), marks) == (len(pcm(text)), [])


BREAKING = ("throttled", "broken", "unavailable", "expired", "reset", "lost", "one piece and a half, then reset")


@real
@pytest.mark.parametrize("name", BREAKING)
async def test_whatever_breaks_is_unavailable_and_the_next_chunk_is_said(name: str) -> None:
    async with speaking(engine="generative") as (voice, wire):
        wire.fail(faults.FAILURES[name])
        with pytest.raises(Unavailable):
            await spoken(voice, "Hello there.")

        assert (await spoken(voice, "Hello."))[0] == pcm("Hello.")


@real
async def test_what_the_service_refuses_silences_the_voice_and_not_the_turn() -> None:
    async with speaking(engine="generative") as (voice, wire):
        wire.fail(faults.denied)

        with pytest.raises(Unavailable):
            await spoken(voice, "Hello.")


@real
@pytest.mark.parametrize("name", [*BREAKING, "half an answer, as if whole"])
async def test_marks_that_fail_leave_the_audio_as_it_is(name: str) -> None:
    async def fails(call: Call, answer: Answer) -> Reply:
        fault = faults.FAILURES[name]
        return await (fault(call, answer) if call.arguments["OutputFormat"] == "json" else answer())

    async with speaking(Polly(10)) as (voice, wire):
        wire.fail(fails)
        wire.fail(fails)

        assert await spoken(voice, "Hi.") == (pcm("Hi."), [])


@real
async def test_closing_the_iterator_closes_the_connections() -> None:
    async with speaking(Polly(1000, held_at=2, until=asyncio.Event())) as (voice, wire):
        async with aclosing(voice.speak("Hello there.")) as items:
            await anext(items)

        await asyncio.wait_for(audio(wire)[0].left.wait(), 60)


@real
async def test_no_more_is_asked_at_once_than_the_quota_allows() -> None:
    running, most = 0, 0

    async def counted(_: Call, answer: Answer) -> Reply:
        nonlocal running, most
        running, most = running + 1, max(most, running + 1)
        await asyncio.sleep(0)
        running -= 1
        return await answer()

    async with speaking(Polly(100_000), at_once=2) as (voice, wire):
        for _ in range(8):
            wire.fail(counted)
        await asyncio.gather(*(spoken(voice, "Hello.") for _ in range(4)))

    assert len(wire.calls) == 8
    assert most <= 2


@real
async def test_one_pool_serves_one_chunk_after_the_other() -> None:
    async with speaking() as (voice, wire):
        for _ in range(3):
            await spoken(voice, "Hello.")

        assert wire.connections("polly") == 2


@pytest.mark.parametrize("lines", [b"<html>", b'{"time": 0}', b'{"time": 0, "type": "word", "start": 1, "end": 2}'])
def test_marks_that_are_none_are_told_from_marks(lines: bytes) -> None:
    with pytest.raises(Unavailable):
        speech_marks.read(lines, "é")
