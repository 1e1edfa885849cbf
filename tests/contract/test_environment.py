"""The environment of each process: what its role reads, all of it, and nothing that nobody reads."""

from __future__ import annotations

from dataclasses import fields

import pytest

from runtime.settings import ROLES, read
from tests.components.engine import Engine
from tests.contract import deployed
from tests.contract.settings import reads

# What a role reads by the name of its variable, before its settings are read.
_BY_NAME = {"log_level"}
# What is the same wherever this version runs, or said by an operator alone.
_NEVER_TOLD = {"search_index", "embeddings_model"}
_OF_TASKS = {"hands", "health_file"}


def test_every_role_has_a_process(program: Engine) -> None:
    assert deployed.environments(program).keys() == ROLES.keys()


def test_every_process_is_told_what_its_role_reads_and_nothing_else(program: Engine) -> None:
    for role, told in deployed.environments(program).items():
        read(ROLES[role], told)
        assert {name.lower() for name in told} <= {one.name for one in fields(ROLES[role])}, role


@pytest.mark.parametrize("role", ROLES)
def test_every_setting_of_a_role_is_told_by_some_program(role: str) -> None:
    told = {name.lower() for kind in deployed.PROGRAMS for name in environment(kind, role)}

    assert {one.name for one in fields(ROLES[role])} - told <= _NEVER_TOLD


@pytest.mark.parametrize("role", ROLES)
def test_every_setting_of_a_role_is_read_for_it(role: str) -> None:
    read_for_it = {field for part, field in reads() if issubclass(ROLES[role], part)}

    assert {one.name for one in fields(ROLES[role])} - read_for_it - _BY_NAME == set()


def environment(kind: str, role: str) -> dict[str, str]:
    return deployed.environments(deployed.program(kind))[role]
