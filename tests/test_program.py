"""The laws of the whole program: what holds of everything that `__main__.py` registers, whatever the stack."""

from __future__ import annotations

from functools import cache

import pytest

from tests.components.engine import Engine
from tests.components.typed import problems

GIVEN = {"alarmEmail": "you@example.org", "lambdaPackage": "tests/components/package.zip"}
STACKS: dict[str, dict[str, object]] = {
    "dev": {},
    "prod": {"terraformState": "file:tests/components/network.tfstate"},
}
PROGRAMS = [("dev", "bedrock"), ("dev", "sagemaker"), ("prod", "bedrock"), ("prod", "sagemaker")]
SAGEMAKER = {"inference": "sagemaker", "sagemakerImage": "123456789012.dkr.ecr.us-east-1.amazonaws.com/model:1"}


@cache
def deployed(stack: str, inference: str) -> Engine:
    engine = Engine()
    engine.deploy(stack, **GIVEN, **STACKS[stack], **(SAGEMAKER if inference == "sagemaker" else {}))
    return engine


@pytest.fixture(params=PROGRAMS, ids="-".join)
def program(request: pytest.FixtureRequest) -> Engine:
    return deployed(*request.param)


def test_every_input_is_one_that_the_sdk_declares(program: Engine) -> None:
    assert [said for one in program.registered for said in problems(one)] == []
