"""The stacks of this folder, each brought up once; what looks at one leaves it as it was, what ends one comes last."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from tests.engine import network
from tests.engine.deployed import IMAGE, Deployed, beginning
from tests.engine.stack import Told
from tests.parts.missing import Missing, skip

T = TypeVar("T")


@dataclass(frozen=True)
class Risen:
    """A stack that is up in a second attempt: what was there *before*, and how all went."""

    deployed: Deployed
    before: frozenset[str]
    previewed: Told
    failed: Told
    mended: Told


@dataclass(frozen=True)
class Standing:
    """A stack that is up in somebody else's network: what was there *before* it, and how it went *up*."""

    deployed: Deployed
    before: frozenset[str]
    up: Told


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let what destroys a stack come after all that looks at it."""
    items.sort(key=lambda item: item.get_closest_marker("last") is not None)


@pytest.fixture(scope="session")
def rising(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[Any]]]:
    """Begin with all the stacks that tests look at, side by side."""
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    with ExitStack() as ending, ThreadPoolExecutor(len(_RAISED)) as threads:
        yield {
            name: threads.submit(ending.enter_context, raised(tmp_path_factory.mktemp(name)))
            for name, raised in _RAISED.items()
            if name in wanted
        }


@pytest.fixture(scope="session")
def dev(rising: Mapping[str, Future[Risen]]) -> Risen:
    """Return `dev`, in which the first attempt to make a function was refused."""
    return _ready(rising["dev"])


@pytest.fixture(scope="session")
def prod(rising: Mapping[str, Future[Standing]]) -> Standing:
    """Return `prod`, in a network that real Terraform made, answering from SageMaker and working on Fargate."""
    return _ready(rising["prod"])


def _ready(stack: Future[T]) -> T:
    try:
        return stack.result()
    except Missing as missing:
        skip(missing)


@contextmanager
def _dev(folder: Path) -> Iterator[Risen]:
    with beginning("dev", folder) as deployed:
        before, previewed = deployed.left, deployed.stack.preview()
        deployed.refuse("lambda POST /2015-03-31/functions")
        yield Risen(deployed, before, previewed, deployed.stack.up(), deployed.stack.up())


@contextmanager
def _prod(folder: Path) -> Iterator[Standing]:
    ways = {"inference": "sagemaker", "sagemakerImage": IMAGE, "worker": "fargate", "workerImage": IMAGE}
    with beginning("prod", folder, **ways) as deployed:
        deployed.stack.project.configure("prod", terraformState=f"file:{network.make(deployed)}")
        yield Standing(deployed, deployed.left, deployed.stack.up())


_RAISED: Mapping[str, Callable[[Path], AbstractContextManager[Any]]] = {"dev": _dev, "prod": _prod}
