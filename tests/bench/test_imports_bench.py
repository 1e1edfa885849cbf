"""The bench of imports says what each kind of process took; and functions load no more than their roles need."""

from __future__ import annotations

import pytest

from bench import imports
from bench.imports import ALONE, BARS, Found

FOUND = {
    ALONE: Found(300.0, 0.0, 310.0, 470),
    "turn": Found(330.0, 29.5, 350.0, 550),
    "worker": Found(500.0, 199.0, 600.0, 900),
}


@pytest.mark.real
def test_every_kind_of_process_is_measured() -> None:
    found = imports.measure(1)

    assert found.keys() == {ALONE, *BARS}
    assert all(one.ms > 0 and one.modules > 0 for one in found.values())


def test_what_the_sdk_takes_is_nobodys_fault() -> None:
    assert imports.report(FOUND)["turn"] == {
        "ms": 330.0,
        "wall_ms": 350.0,
        "modules": 550,
        "over_ms": 29.5,
        "bar_ms": 40.0,
    }
    assert imports.table(FOUND).splitlines()[2].split() == ["turn", "330.0", "550", "29.5", "40", "350.0"]
