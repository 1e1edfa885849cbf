"""The bench of the memory must not rot: its whole path, with a few memories of a few people."""

from __future__ import annotations

from bench.memory import Extent, measure


async def test_every_number_is_measured_and_what_is_nearest_is_found() -> None:
    found = await measure(Extent(users=2, each=20, questions=3))

    assert found.pop("nearest_10_found") == 1.0
    assert set(found) == {f"{part}_ms_p50" for part in ("search", "ranked", "brute_force")} | {
        f"{part}_ms_p95" for part in ("search", "brute_force")
    }
    assert all(value >= 0 for value in found.values())
