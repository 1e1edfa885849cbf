"""The policy pack, asked by the real engine: of the program, and of a program that breaks each law."""

from __future__ import annotations

from pathlib import Path

import pytest

from policies.laws import LAWS
from tests.engine import pack
from tests.engine.conftest import Standing
from tests.engine.deployed import planted

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the pack."""
    return pack.install(tmp_path_factory.mktemp("policies"))


def test_the_program_keeps_every_law(prod: Standing, ours: Path) -> None:
    told = prod.deployed.stack.preview("--policy-pack", str(ours))

    assert told.code == 0, told.summary
    assert list(told.violations) == []


def test_each_law_that_is_broken_stops_the_preview(prod: Standing, ours: Path, tmp_path: Path) -> None:
    stack = planted(prod.deployed, tmp_path)
    lawful, unlawful = stack.preview(), stack.preview("--policy-pack", str(ours))

    assert lawful.code == 0, lawful.summary
    assert unlawful.code != 0
    assert {law for law, _ in unlawful.violations} == {*(law.name for law in LAWS), "every-bucket-is-closed"}
