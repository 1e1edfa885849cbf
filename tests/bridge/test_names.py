"""Every property of every type that the program declares, nested ones too, held against the SDK's own classes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bridge import naming
from tests.bridge import names
from tests.components.deployed import PROGRAMS, deployed

pytestmark = pytest.mark.real

# What only provider 6 has dropped: no program can say it, no state of 6 has it.
DROPPED = {
    "aws_api_gateway_account": {"reset_on_delete"},
    "aws_ecs_task_definition": {"inference_accelerator"},
    "aws_opensearch_domain": {"kibana_endpoint"},
}

_ROW = re.compile(r"^\| `([^`]+)` \| (seen|not seen: [^|]+) \|$", re.MULTILINE)

# Types that only provider 6 has: they are left out, with the reason.
NEWER = {"aws:cognito/managedLoginBranding:ManagedLoginBranding"}


@pytest.fixture(scope="module")
def declared() -> list[str]:
    """Return the tokens that the program registers, over all stacks and choices."""
    programs = [deployed(*choice) for choice in PROGRAMS]
    tokens = {one.token for program in programs for one in program.registered}
    return sorted(token for token in tokens if token.startswith("aws:"))


def test_no_property_of_a_declared_type_is_missed(known: dict[str, Any], declared: list[str]) -> None:
    twins = naming.Twins(known)
    types = {token: twins.of(token) for token in declared}

    missed = {
        name: set(names.misses(token, name, known[name]["block"])) - DROPPED.get(name, set())
        for token, name in types.items()
        if name is not None
    }

    assert declared
    assert {name: paths for name, paths in missed.items() if paths} == {}
    assert {token for token, name in types.items() if name is None} <= NEWER


def test_the_documentation_says_of_each_declared_type_whether_it_was_seen(
    known: dict[str, Any], declared: list[str]
) -> None:
    types = {naming.Twins(known).of(token) or token for token in declared}
    proved = set(json.loads((Path(__file__).parent / "types.tf.json").read_bytes())["resource"])

    told = dict(_ROW.findall((Path(__file__).parents[2] / "docs" / "terraform.md").read_text()))

    assert set(told) == types
    assert {name for name, seen in told.items() if seen == "seen"} == types & proved


def test_the_names_that_are_kept_are_those_that_the_sdk_gives(known: dict[str, Any], declared: list[str]) -> None:
    types = {naming.Twins(known).of(token) for token in declared}

    derived = names.derive({name: schema for name, schema in known.items() if name in types})

    kept = json.loads(Path(names.NAMES).read_bytes())
    assert {name: kept.get(name) for name in derived if name in types} == {
        name: paths for name, paths in derived.items() if name in types
    }
