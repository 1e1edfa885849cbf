"""The drawing of the layers is the program's own."""

from __future__ import annotations

import pytest

from tests.components.deployed import PROGRAMS, deployed
from tests.components.diagram import PATH, SHOWN, document
from tests.components.engine import Engine


@pytest.fixture(scope="module")
def program() -> Engine:
    return deployed("prod", "bedrock")


def test_what_is_drawn_is_what_the_program_registers(program: Engine) -> None:
    assert PATH.read_text() == document(program), "python -m tests.components.diagram draws it again"


def test_every_layer_is_drawn(program: Engine) -> None:
    layers = {one.token.rpartition(":")[2] for one in program.registered if one.token == one.layer} - {"aws"}

    assert [layer for layer in layers if f">{layer}</text>" not in PATH.read_text()] == []


def test_what_is_drawn_is_there() -> None:
    registered = {one.token for program in PROGRAMS for one in deployed(*program).registered}

    assert set(SHOWN) <= registered
