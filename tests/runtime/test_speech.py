"""Laws of audio that nobody hears: nothing is lost in frames, and time and text only go forward together."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.conversation import Heard
from runtime.protocol import server
from runtime.speech import BYTES_PER_MS, Framing, heard_chars, spoken

TURN = "5a1f0d52-7a51-4a8e-9d8e-0d4d6f9f3c11"
PIECES = st.lists(st.binary(max_size=64) | st.integers(0, 50_000).map(bytes), max_size=12)
TIMELINES = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 500)), max_size=8).map(
    lambda points: tuple(zip(sorted(ms for ms, _ in points), sorted(chars for _, chars in points), strict=True))
)


def framed(pieces: list[bytes]) -> list[list[server.Audio]]:
    """Return the frames that each piece completes, and at last those of the end."""
    framing = Framing(TURN, 3)
    return [*(framing.push(piece) for piece in pieces), framing.end()]


@given(pieces=PIECES)
def test_all_audio_arrives_in_its_order(pieces: list[bytes]) -> None:
    frames = [frame for group in framed(pieces) for frame in group]

    assert b"".join(base64.b64decode(frame.data) for frame in frames) == b"".join(pieces)
    assert [frame.part for frame in frames] == list(range(len(frames)))
    assert {(frame.turn, frame.chunk, frame.format) for frame in frames} == {(TURN, 3, "pcm_16000")}


@given(pieces=PIECES)
def test_the_last_frame_says_so_and_no_other(pieces: list[bytes]) -> None:
    frames = [frame for group in framed(pieces) for frame in group]

    assert [frame.last for frame in frames] == [False] * (len(frames) - 1) + [True]


@given(pieces=PIECES)
def test_a_frame_is_never_larger_than_the_protocol_allows(pieces: list[bytes]) -> None:
    for group in framed(pieces):
        for frame in group:
            assert len(frame.data) <= 24 * 1024
            assert len(server.encode(frame)) <= 32_000


@given(first=st.binary(min_size=1, max_size=64), pieces=PIECES)
def test_the_first_piece_goes_at_once_and_later_ones_by_a_tenth_of_a_second(first: bytes, pieces: list[bytes]) -> None:
    at_once, *later, _ = framed([first, *pieces])

    assert [base64.b64decode(frame.data) for frame in at_once] == [first]
    for group in later:
        assert not group or sum(len(base64.b64decode(frame.data)) for frame in group) >= 100 * BYTES_PER_MS


@given(pieces=PIECES)
def test_what_was_played_is_counted_in_bytes(pieces: list[bytes]) -> None:
    framing = Framing(TURN, 0)
    for piece in pieces:
        framing.push(piece)

    assert framing.played == sum(map(len, pieces))


def test_a_marked_word_is_heard_when_the_next_one_starts() -> None:
    words = ((0, 0, 3), (400, 4, 7), (900, 8, 12))

    timeline = spoken(14, 1500, words, from_ms=1000, from_char=50)

    assert timeline == ((1400, 53), (1900, 57), (2500, 64))


def test_a_chunk_without_words_is_heard_at_its_end() -> None:
    assert spoken(2, 0, (), from_ms=1000, from_char=50) == ((1000, 52),)


@given(timeline=TIMELINES, ms=st.integers(0, 10_000), more=st.integers(0, 5000), released=st.integers(0, 600))
def test_who_listens_longer_has_heard_no_less(
    timeline: tuple[tuple[int, int], ...], ms: int, more: int, released: int
) -> None:
    assert heard_chars(Heard(ms=ms), timeline, released) <= heard_chars(Heard(ms=ms + more), timeline, released)


@given(timeline=TIMELINES, released=st.integers(0, 600), position=st.integers(0, 20_000))
def test_nobody_has_heard_more_than_was_released(
    timeline: tuple[tuple[int, int], ...], released: int, position: int
) -> None:
    for heard in (Heard(), Heard(ms=position), Heard(chars=position)):
        assert 0 <= heard_chars(heard, timeline, released) <= released


@pytest.mark.parametrize(
    ("heard", "chars"),
    [
        (Heard(), 60),
        (Heard(chars=7), 7),
        (Heard(chars=0), 0),
        (Heard(chars=99), 60),
        (Heard(ms=0), 0),
        (Heard(ms=399), 0),
        (Heard(ms=400), 3),
        (Heard(ms=9000), 12),
    ],
)
def test_what_was_heard_is_what_was_spoken_in_full_by_then(heard: Heard, chars: int) -> None:
    assert heard_chars(heard, ((400, 3), (900, 7), (1500, 12)), 60) == chars


def test_milliseconds_of_an_answer_without_audio_say_nothing() -> None:
    assert heard_chars(Heard(ms=5), (), 60) == 60
