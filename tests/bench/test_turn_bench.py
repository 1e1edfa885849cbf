"""The bench of a turn must not rot: its whole path, with nothing to wait for and almost nothing to do."""

from __future__ import annotations

import pytest

from bench.turn import report
from bench.turn.cold import Idle
from bench.turn.command import Extent, measure
from bench.turn.script import TOKENS, WITHOUT_WAITING, Pace
from runtime.sentences import Chunker

_LITTLE = Extent(
    crowd=2,
    remembered=30,
    rounds=1,
    loads=((1, 1), (2, 1)),
    cpu_turns=1,
    visitors=1,
    visits=1,
    sessions=3,
    idle=Idle(times=1, seconds=0.0),
    pace=WITHOUT_WAITING,
)


@pytest.mark.real
async def test_both_sides_are_measured_and_the_table_shows_them() -> None:
    found = await measure(_LITTLE)

    overheads = {"overhead_ms_p50", "overhead_ms_p95"}
    assert set(found["plain"]) == {*overheads, "cpu_ms_per_turn"}
    assert set(found["companion"]) == {*found["plain"], "kb_per_session", "socket_overhead_ms_p50"}
    assert all(set(side[key]) == {"1", "2"} for side in found.values() for key in overheads)
    assert "through socket, queue and worker" in report.table(found)


def test_the_parts_of_a_recall_are_told_in_one_line() -> None:
    told = report.split({"cue": (0.2, 0.1), "search": (0.55, 0.25)})

    assert told.endswith("ms: cue 0.20 (0.10), search 0.55 (0.25), together 0.75 (0.35)")


def test_the_first_chunk_of_the_script_is_certain_at_its_twelfth_token() -> None:
    chunker = Chunker()

    cuts = [chunker.push(token) for token in TOKENS[:12]]

    assert cuts[:11] == [[]] * 11
    assert cuts[11] == ["Do you remember how happy you were by the lake last summer?"]


def test_the_critical_path_is_440_milliseconds() -> None:
    assert Pace().critical == pytest.approx(0.440)
    assert len(TOKENS) == 60
