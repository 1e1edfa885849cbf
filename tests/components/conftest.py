"""The engine that the program and its layers are tested with."""

from __future__ import annotations

import pytest

from tests.components.engine import Engine


@pytest.fixture
def engine() -> Engine:
    return Engine()
