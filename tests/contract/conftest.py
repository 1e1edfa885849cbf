"""Production as it would be deployed, in each way to answer."""

from __future__ import annotations

import pytest

from tests.components.engine import Engine
from tests.contract import deployed


@pytest.fixture(params=deployed.PROGRAMS)
def program(request: pytest.FixtureRequest) -> Engine:
    return deployed.program(request.param)
