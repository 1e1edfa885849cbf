"""Transcribe's protocol as the laptop's server speaks it: what a stream is answered, and what ends it."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runtime.errors import RateLimited
from runtime.server.transcription.microphone import Pace
from tests.adapters.scripted_hearing import DIES
from tests.parts.wire.frames import frame
from tests.runtime.streaming import AUDIO, audio, hearing

END = audio(b"")
# As Transcribe documents them: Result, Alternative, Item.
RESULT = {"Alternatives", "ChannelId", "EndTime", "IsPartial", "LanguageCode", "ResultId", "StartTime"}
ALTERNATIVE = {"Entities", "Items", "Transcript"}
ITEM = {"Confidence", "Content", "EndTime", "Speaker", "Stable", "StartTime", "Type", "VocabularyFilterMatch"}


@pytest.mark.real
async def test_what_is_said_comes_back_as_it_is_heard_and_finally() -> None:
    async with hearing() as stand:
        told = await stand.stream(audio(b"so"), audio(b"it"), audio(b"is"), END)

    said = [(result["IsPartial"], result["Alternatives"][0]["Transcript"]) for result in told.results]
    assert said == [(True, "so"), (True, "so it"), (True, "so it is"), (False, "so it is")]
    assert len({result["ResultId"] for result in told.results}) == 1
    assert told.code == 1000


@pytest.mark.real
async def test_a_transcript_has_the_headers_and_the_shape_that_transcribe_documents() -> None:
    async with hearing() as stand:
        told = await stand.stream(audio(b"so"), END)

    headers, payload = told.events[0]
    assert headers == {
        ":event-type": "TranscriptEvent",
        ":content-type": "application/json",
        ":message-type": "event",
    }
    (result,) = payload["Transcript"]["Results"]
    (alternative,) = result["Alternatives"]
    (item,) = alternative["Items"]
    assert (result.keys() <= RESULT, alternative.keys() <= ALTERNATIVE, item.keys() <= ITEM) == (True, True, True)
    assert (item["Type"], item["Content"], item["Stable"], item["EndTime"]) == ("pronunciation", "so", False, 1.0)


@pytest.mark.real
async def test_a_stream_in_which_nothing_was_said_ends_without_a_word() -> None:
    async with hearing() as stand:
        told = await stand.stream(END)

    assert (told.events, told.code) == ([], 1000)


@pytest.mark.real
@pytest.mark.parametrize(
    ("message", "why"),
    [
        (b"garbage", "less than an event has"),
        (b"garbage that is long enough", "checksum of the prelude"),
        (audio(b"sound")[:-2], "where the prelude says"),
        (audio(b"sound")[:-1] + b"\xff", "checksum of the message"),
        (audio(b"odd"), "each sample has two"),
        (audio(b"x" * 70_000), "65,536 are allowed"),
        (frame({**AUDIO, ":event-type": "ConfigurationEvent"}, b"{}"), "AudioEvent"),
        (frame({**AUDIO, ":message-type": "exception"}, b"{}"), "AudioEvent"),
        (frame({}, b"so"), "AudioEvent"),
    ],
)
async def test_what_is_no_sound_is_a_bad_request_and_ends_the_stream(message: bytes, why: str) -> None:
    async with hearing() as stand:
        told = await stand.stream(audio(b"so"), message, audio(b"it"))

    name, said = told.exception
    assert (name, told.code) == ("BadRequestException", 1000)
    assert why in said


@pytest.mark.real
async def test_text_is_a_bad_request() -> None:
    async with hearing() as stand, stand.ear() as ear:
        await ear.socket.send_str("hello")

        assert (await ear.end()).exception[0] == "BadRequestException"


@pytest.mark.real
async def test_a_frame_above_what_the_transport_bears_closes_the_connection() -> None:
    async with hearing() as stand, stand.ear() as ear:
        await ear.socket.send_bytes(b"x" * 300_000)

        assert (await ear.end()).code == 1009


@pytest.mark.real
async def test_without_sound_for_as_long_as_transcribe_waits_the_stream_ends_as_transcribes_does() -> None:
    async with hearing(silence=0.1) as stand:
        told = await stand.stream(audio(b"so"))

    because = "Your request timed out because no new audio was received for 15 seconds."
    assert (told.exception, told.code) == (("BadRequestException", because), 1000)


@pytest.mark.real
async def test_more_streams_than_are_heard_at_once_are_told_so() -> None:
    async with hearing(most=1) as stand, stand.ear() as one:
        await one.socket.send_bytes(audio(b"so"))
        await one.next()
        async with stand.ear("bob") as two:
            refused = await two.end()
        await one.socket.send_bytes(END)

        assert (await one.end()).words == "so"
    assert (refused.exception[0], refused.code) == ("LimitExceededException", 1000)


@pytest.mark.real
async def test_when_what_hears_dies_the_stream_is_told_and_the_next_is_heard() -> None:
    async with hearing() as stand:
        told = await stand.stream(audio(b"so"), audio(DIES), audio(b"it"))
        again = await stand.stream(audio(b"so"), END)

    assert (told.exception[0], told.code) == ("InternalFailureException", 1000)
    assert again.words == "so"


@pytest.mark.real
async def test_who_leaves_without_a_word_makes_room_for_the_next() -> None:
    async with hearing(most=1) as stand:
        async with stand.ear() as ear:
            await ear.socket.send_bytes(audio(b"so"))
            await ear.next()
        async with asyncio.timeout(60):
            while "0 busy" not in repr(stand.recogniser):  # noqa: ASYNC110 - nobody is told.
                await asyncio.sleep(0.01)

        assert (await stand.stream(audio(b"it"), END)).words == "it"


@pytest.mark.real
async def test_a_server_that_stops_says_so_to_all_who_speak() -> None:
    async with hearing() as stand, stand.ear() as ana, stand.ear("bob") as bob:
        for ear in (ana, bob):
            await ear.socket.send_bytes(audio(b"so"))
            await ear.next()
        told, also, _ = await asyncio.gather(ana.end(), bob.end(), stand.stop())

    assert (told.code, also.code) == (1001, 1001)


@pytest.mark.real
@given(st.lists(st.binary(max_size=100) | st.binary(max_size=40).map(audio), min_size=20, max_size=20))
@settings(max_examples=3)
def test_whatever_comes_is_answered_by_one_exception_at_most_and_the_next_stream_is_heard(
    messages: list[bytes],
) -> None:
    async def send() -> None:
        async with hearing() as stand:
            for message in messages:
                told = await stand.stream(message, audio(b"..")) if message == END else await stand.stream(message, END)
                kinds = [headers[":message-type"] for headers, _ in told.events]
                assert kinds.count("exception") <= 1
                assert told.code == 1000
            assert (await stand.stream(audio(b"so"), END)).words == "so"

    asyncio.run(send())


@pytest.mark.real
async def test_nothing_of_what_is_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with hearing() as stand:
        await stand.stream(audio(b"badger"), audio(b"midnight"), END)
        await stand.stream(audio(b"badger"), audio(DIES))

    logged = " ".join(str(vars(record)) for record in caplog.records)
    assert "microphone.opened" in logged
    assert "badger" not in logged
    assert "Signature" not in logged


async def test_twenty_seconds_are_heard_at_once_and_then_no_more_than_can_be_said() -> None:
    pace, time = Pace(), asyncio.get_running_loop().time
    for _ in range(20):
        await pace.keep(1.0)
    assert time() == 0.0
    for _ in range(7):
        await pace.keep(1.0)

    assert time() == pytest.approx(7.0)


async def test_a_stream_is_over_after_four_hours() -> None:
    pace = Pace()
    await asyncio.sleep(4 * 3600 - 1)
    await pace.keep(1.0)
    await asyncio.sleep(2)

    with pytest.raises(RateLimited):
        await pace.keep(1.0)
