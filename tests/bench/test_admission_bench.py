"""The bench of admission must not rot: a process lets turns in, and what that takes is told."""

from __future__ import annotations

import pytest

from bench.admission import measure, served


@pytest.mark.real
def test_what_letting_a_turn_in_takes_is_told_for_a_first_event_and_for_later_ones() -> None:
    with served() as environ:
        found = measure(environ, processes=1, events=2)

    assert found.keys() == {"first", "later"}
    assert all(one["cpu_ms"] > 0 and one["own_ms"] > 0 and one["calls"] > 0 for one in found.values())
