"""What the tests of a deployed stack stand on."""

from __future__ import annotations

import asyncio
import platform
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from components import package
from tests.components.deployed import WAYS
from tests.components.engine import Created, Engine
from tests.deployed import seeds
from tests.deployed.processes import Package
from tests.deployed.stack import Ground
from tests.parts.elasticmq import ElasticMq
from tests.parts.moto import Moto
from tests.parts.opensearch import OpenSearch

DOMAIN = "arn:aws:es:us-east-1:123456789012:domain/companion"
_MACHINE = platform.machine()
_TARGET = package.Target(
    f"python{sys.version_info[0]}.{sys.version_info[1]}", {"aarch64": "arm64"}.get(_MACHINE, _MACHINE)
)


_WAYS: Mapping[str, Mapping[str, object]] = {
    "functions": {},
    "tasks": {**WAYS["sagemaker"], **WAYS["fargate"]},
}


@cache
def _registered(archive: Path, way: str) -> tuple[Created, ...]:
    engine = Engine()
    engine.deploy(
        "dev",
        alarmEmail="you@example.org",
        lambdaPackage=str(archive),
        lambdaRuntime=_TARGET.runtime,
        lambdaArchitecture=_TARGET.architecture,
        searchEngine="lucene",
        searchEndpoint="https://search-companion.us-east-1.es.amazonaws.com",
        searchDomainArn=DOMAIN,
        **_WAYS[way],
    )
    return tuple(engine.registered)


@pytest.fixture(scope="session")
def packaged(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """Return the functions' package for this machine."""
    archive = package.build(_TARGET, Path(".packages"), print)
    return Package(archive, tmp_path_factory.mktemp("function"))


@pytest.fixture
def bare(tmp_path: Path, packaged: Package, moto: Moto, elasticmq: ElasticMq, opensearch: OpenSearch) -> Ground:
    """Return where a stack can be deployed, with nothing there yet."""
    return Ground(moto, packaged, elasticmq, opensearch, DOMAIN, tmp_path)


@pytest.fixture
def ground(bare: Ground) -> Ground:
    """Return the stack `dev` as the program registers it, deployed to moto."""
    return _seeded(bare, "functions")


@pytest.fixture
def with_tasks(bare: Ground) -> Ground:
    """Return `dev` with a worker on Fargate that asks a model on SageMaker, deployed to moto."""
    return _seeded(bare, "tasks")


def _seeded(ground: Ground, way: str) -> Ground:
    archive = ground.package.archive
    asyncio.run(seeds.seed(_registered(archive, way), ground.emulator, archive.read_bytes()))
    return ground
