"""The stacks of this folder, each brought up once; what looks at one leaves it as it was, and what ends one comes last.

They are run when they are asked for: COMPANION_ENGINE=1 python -m pytest tests/engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.engine import network
from tests.engine.deployed import Deployed, beginning
from tests.engine.stack import Told
from tests.parts.missing import Missing, skip

collect_ignore_glob = [] if "COMPANION_ENGINE" in os.environ else ["test_*.py"]


@dataclass(frozen=True)
class Risen:
    """A stack that is up: how it was previewed, failed half-way, and was mended."""

    deployed: Deployed
    before: dict[str, int]
    previewed: Told
    failed: Told
    mended: Told


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what destroys a stack come after all that looks at it."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@dataclass(frozen=True)
class Standing:
    """A stack that is up in somebody else's network: what was there *before* it, and how it went *up*."""

    deployed: Deployed
    before: dict[str, int]
    up: Told


_IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/companion@sha256:" + "0" * 64
_PROD: dict[str, object] = {
    "inference": "sagemaker",
    "sagemakerImage": _IMAGE,
    "worker": "fargate",
    "workerImage": _IMAGE,
}


@pytest.fixture(scope="session")
def prod(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """Bring up `prod`, in a network that real Terraform made, answering from SageMaker and working on Fargate."""
    try:
        with beginning("prod", tmp_path_factory.mktemp("prod"), **_PROD) as deployed:
            state = network.make(deployed)
            deployed.stack.project.configure("prod", terraformState=f"file:{state}")
            before = dict(deployed.left)
            yield Standing(deployed, before, deployed.stack.up())
    except Missing as missing:
        skip(missing)


@pytest.fixture(scope="session")
def dev(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Risen]:
    """Bring up `dev`, in which the first attempt to make a function is refused."""
    try:
        with beginning("dev", tmp_path_factory.mktemp("dev")) as deployed:
            before = dict(deployed.left)
            previewed = deployed.stack.preview()
            deployed.refuse("lambda POST /2015-03-31/functions")
            yield Risen(deployed, before, previewed, deployed.stack.up(), deployed.stack.up())
    except Missing as missing:
        skip(missing)
