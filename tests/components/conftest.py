"""The engine that the program and its layers are tested with."""

from __future__ import annotations

import pytest

from tests.bridge.conftest import terraform
from tests.components.engine import Engine

__all__ = ["engine", "terraform"]


@pytest.fixture
def engine() -> Engine:
    return Engine()
