"""Each suite of a port runs once per home (`homes.HOMES`)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from runtime.adapters.local.database import Database
from tests.adapters.homes import HOMES, Home


@pytest.fixture(params=HOMES)
def home(request: pytest.FixtureRequest) -> Iterator[Home]:
    """Open an empty home."""
    with HOMES[request.param]() as opened:
        yield opened


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Open an empty database in a file: for what only the laptop's adapters promise."""
    database = Database(tmp_path / "companion.db")
    yield database
    database.close()
