"""The bench of AWS's adapters must not rot: every pair is called, a few times."""

from __future__ import annotations

import pytest

from bench.adapters import measure, served


@pytest.mark.real
async def test_each_adapter_is_measured_beside_its_sdk() -> None:
    with served() as endpoint:
        found = await measure(endpoint, times=1)

    asked = {"bedrock", "sagemaker", "verdict", "polly"}
    assert found.keys() == asked | {"row read", "signal", "look at 25 turns"}
    assert all(numbers["sdk_ms"] > 0 for numbers in found.values())
