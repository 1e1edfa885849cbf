"""What runs in a speech engine's process, without an engine: passages, another sample rate, frames."""

from __future__ import annotations

import math
from array import array
from io import BytesIO
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.local.voice.engine import wire
from runtime.adapters.local.voice.engine.__main__ import main
from runtime.adapters.local.voice.engine.passages import passages
from runtime.adapters.local.voice.engine.resampling import RATE, Resampler

LOUD = 10_000
TEXTS = st.text("ab c.!?,;: –—…“”’äß東🎉\n\0", max_size=700)


def sine(hertz: float, rate: int, count: int) -> array[int]:
    return array("h", (round(LOUD * math.sin(math.tau * hertz * place / rate)) for place in range(count)))


def resampled(samples: array[int], rate: int, piece: int) -> array[int]:
    resampler = Resampler(rate)
    made = [resampler.push(samples[start : start + piece]) for start in range(0, len(samples), piece)]
    return array("h", b"".join([*made, resampler.end()]))


@pytest.mark.parametrize(("rate", "hertz"), [(22_050, 440.0), (22_050, 3_000.0), (44_100, 1_000.0), (8_000, 700.0)])
def test_a_tone_is_the_same_tone_at_another_rate(rate: int, hertz: float) -> None:
    made, ideal = resampled(sine(hertz, rate, rate // 4), rate, 999), sine(hertz, RATE, RATE // 4)

    assert len(made) == pytest.approx(len(ideal), abs=2)
    inner = slice(100, min(len(made), len(ideal)) - 100)
    assert max(abs(one - other) for one, other in zip(made[inner], ideal[inner], strict=True)) < LOUD * 0.03


def test_a_tone_that_the_lower_rate_cannot_hold_is_gone() -> None:
    made = resampled(sine(10_500.0, 22_050, 5_000), 22_050, 999)

    assert max(map(abs, made[100:-100])) < LOUD * 0.2


@given(st.lists(st.integers(-32_768, 32_767), max_size=400), st.integers(1, 90))
def test_the_samples_do_not_depend_on_how_they_came(samples: list[int], piece: int) -> None:
    given_ = array("h", samples)

    assert resampled(given_, 22_050, piece) == resampled(given_, 22_050, 500)


@given(TEXTS)
def test_passages_lead_back_to_the_letters_that_they_are_made_of(text: str) -> None:
    for passage in passages(text):
        assert passage.plain.isascii()
        assert "\0" not in passage.plain
        for place, letter in enumerate(passage.plain):
            start, end = passage.places(place, place + 1)
            assert end == start + 1
            assert not letter.isalpha() or not text[start].isascii() or letter == text[start]


@given(TEXTS)
def test_passages_are_short_and_in_the_order_of_the_text(text: str) -> None:
    origins = [passage.origin for passage in passages(text)]

    assert [place for origin in origins for place in origin] == sorted(place for origin in origins for place in origin)
    assert all(origin[-1] - origin[0] < 250 for origin in origins)
    kept = {text[place] for origin in origins for place in origin}
    assert {letter for letter in "abc" if letter in text} <= kept


def test_a_text_is_cut_after_its_sentences() -> None:
    found = [passage.plain.strip() for passage in passages("Hello there. How is it, Dr.? “Fine!” And 3.14 is pi.")]

    assert found == ["Hello there.", "How is it, Dr.?", '"Fine!"', "And 3.14 is pi."]


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 30), st.integers(0, 30)), max_size=9))
def test_marks_only_go_forward(words: list[tuple[int, int, int]]) -> None:
    frames = BytesIO()
    speech = wire.Speech(frames)
    for word in words:
        speech.mark(*word)
    speech.end()

    marks = msgspec.json.decode(frames.getvalue()[wire.HEAD.size :].partition(b"e\0\0\0\0")[0] or b"[]")
    assert all(one[0] <= two[0] and one[2] <= two[1] for one, two in pairwise(marks))
    assert all(start < end for _, start, end in marks)


def test_an_engine_that_is_not_there_says_so_and_ends() -> None:
    frames = BytesIO()

    code = main(["flite", "libnone.so", "cmu_us_none"], BytesIO(), frames)

    assert (code, frames.getvalue()[:1]) == (1, wire.FAILED)
