"""True exports of Pulumi's CLI, made by `python -m tests.engine.exports` of `dev` in the emulator."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge import deployment, stack
from bridge.refused import Refused
from bridge.resources import convert

EXPORTS = Path(__file__).with_name("exports")
NEWER = "this provider does not know globalSecondaryIndexes.keySchemas"


def _read(name: str) -> stack.Stack:
    return stack.read((EXPORTS / f"{name}.json").read_bytes())


def test_the_outputs_of_a_true_export_are_read() -> None:
    outputs = _read("queues").outputs

    assert outputs["prefix"] == "companion-dev"
    assert str(outputs["turnQueueUrl"]).endswith(".fifo")


def test_a_secret_that_the_cli_encrypted_is_refused_by_its_name() -> None:
    with pytest.raises(Refused, match=r"companion-dev-pseudonyms-key\.secretString"):
        deployment.read(_read("secrets"), show_secrets=True)


@pytest.mark.real
@pytest.mark.parametrize("name", ["queues", "tables"])
def test_what_the_cli_exported_is_converted_whole(name: str, known: dict[str, Any]) -> None:
    deployed = deployment.read(_read(name), show_secrets=False)

    found = convert(deployed, known, Path())

    assert {left.why for left in found.left} <= {NEWER}
    assert len(found.twins) + len(found.left) == sum(one.token.startswith("aws:") for one in deployed)
