"""The bench of voice must not rot: what is published is drawn as published, and the page and the pipeline answer."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest

from bench.turn.load import part
from bench.voice import published, report, speech
from bench.voice.command import Extent, Turn, measure


@pytest.mark.parametrize("of", [published.FINAL, published.FIRST_TOKEN, published.FIRST_BYTE])
def test_what_is_drawn_has_the_published_percentiles(of: published.Published) -> None:
    drawn = of.drawn(10_000, Random(1))

    for percent, ms in of.known:
        assert part(drawn, int(percent)) == pytest.approx(ms, rel=0.01)


def test_partial_results_say_more_and_more_until_the_final_one() -> None:
    told = speech.results("What should I cook tonight?", 1_136.0, Random(3))

    lengths = [len(result["words"]) for result in told]
    assert lengths == sorted(lengths)
    assert (lengths[-1], [result["final"] for result in told].index(True)) == (5, len(told) - 1)
    steps = [later["at"] - sooner["at"] for sooner, later in pairwise(told[:-1])]
    assert all(99.9 < step < 200.1 for step in steps)


def test_turns_are_allowed_as_far_as_their_first_token_lets_95_of_100_be_in_time() -> None:
    turns = [Turn(300.0, float(ms), 100.0, 150.0) for ms in range(500, 1_500, 10)]

    allowed, share = report.allowing(turns)

    assert allowed == pytest.approx(930, abs=20)  # 909 ms alone would be in time, and five of a hundred may be late.
    assert share == pytest.approx(0.43, abs=0.02)


@pytest.mark.real
def test_both_sides_are_measured_and_the_table_shows_them() -> None:
    found = measure(Extent(turns=20, real=1))

    early, late = found["companion"], found["waiting"]
    assert 300 <= early["ended"]["p50"] <= 500  # The page holds whole words 300 ms, until they are settled.
    assert late["ended"]["p50"] > 1_000
    assert found["by_words"]["open"]["p50"] > found["by_words"]["unclear"]["p50"] > early["total"]["p50"]
    assert "voice to voice" in report.table(found)
