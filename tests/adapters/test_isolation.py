"""No port shows a user anything of another, nor changes an answer because there is another."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from runtime.adapters.local.stores import Stores, open_stores
from runtime.settings.laptop import Settings
from tests.adapters import dynamodb
from tests.adapters.isolating import (
    IN_THE_CLOUD,
    NOW,
    OF_MEMORY,
    OPERATIONS,
    Kept,
    Remembering,
    check,
    steps,
    type_of_steps,
)
from tests.adapters.memory_homes import MemoryHome, Opens, searching
from tests.virtual_time import LoopClock, run


@contextmanager
def on_a_laptop() -> Iterator[Stores]:
    """Open the laptop's stores in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        stores = open_stores(Settings(data=Path(folder)), LoopClock(NOW))
        yield stores
        stores.database.close()


@settings(max_examples=60, deadline=None)
@given(steps(OPERATIONS, 40))
def test_each_answer_is_the_one_that_the_user_gets_alone(taken: type_of_steps) -> None:
    run(check(on_a_laptop, OPERATIONS, taken))


@pytest.mark.real
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(taken=steps(IN_THE_CLOUD, 25))
def test_each_answer_of_the_cloud_is_the_one_that_the_user_gets_alone(
    request: pytest.FixtureRequest, taken: type_of_steps
) -> None:
    def in_the_cloud() -> AbstractContextManager[Kept]:
        cloud = dynamodb.made(request)
        rows, hot = cloud.rows, cloud.hot
        ports = (rows.accounts, rows.ledger, rows.leases, rows.signals, rows.erasures, hot.recent)
        return nullcontext(Kept(*ports, {**hot.traces, **rows.traces}))

    run(check(in_the_cloud, IN_THE_CLOUD, taken))


@pytest.mark.real
def test_each_answer_of_a_memory_in_the_cloud_is_the_one_that_the_user_gets_alone(
    request: pytest.FixtureRequest,
) -> None:
    @contextmanager
    def in_the_cloud(home: MemoryHome) -> Iterator[Remembering]:
        with home.empty() as opens:
            yield Remembering(opens(), home.traces)

    with searching(request) as home:

        async def law(_: Opens, taken: type_of_steps) -> None:
            await check(lambda: in_the_cloud(home), OF_MEMORY, taken)

        home.holds(law, steps(OF_MEMORY, 25), examples=8)
