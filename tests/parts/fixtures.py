"""The parts as pytest's fixtures. What the collected tests ask for begins to start before the first of them runs."""

from __future__ import annotations

import os

import pytest

from tests.parts.clock import TimedElasticMq
from tests.parts.elasticmq import ElasticMq
from tests.parts.missing import Missing, skip
from tests.parts.moto import Moto
from tests.parts.opensearch import OpenSearch
from tests.parts.process import Served
from tests.parts.session import PARTS, Session

_SESSION = pytest.StashKey[Session]()


def pytest_configure(config: pytest.Config) -> None:
    # A proxy that the environment names has no way to what listens here.
    os.environ["NO_PROXY"] = os.environ["no_proxy"] = ",".join(filter(None, (os.environ.get("NO_PROXY"), "127.0.0.1")))
    config.stash[_SESSION] = Session()


def pytest_collection_finish(session: pytest.Session) -> None:
    if not session.config.option.collectonly:
        for name in PARTS.keys() & {name for item in session.items for name in getattr(item, "fixturenames", ())}:
            session.config.stash[_SESSION].start(name)


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_SESSION].end()


@pytest.fixture
def moto(pytestconfig: pytest.Config) -> Moto:
    """Return moto's server, empty."""
    server = Moto(_ready(pytestconfig, "moto").url)
    server.reset()
    return server


@pytest.fixture
def elasticmq(pytestconfig: pytest.Config) -> ElasticMq:
    """Return ElasticMQ without queues."""
    server = ElasticMq(_ready(pytestconfig, "elasticmq").url)
    server.reset()
    return server


@pytest.fixture
def timed_elasticmq(pytestconfig: pytest.Config) -> TimedElasticMq:
    """Return ElasticMQ in a time that the test sets; queues of other tests are still there."""
    served = _ready(pytestconfig, "timed_elasticmq")
    return TimedElasticMq(served.url, file=served.log.parent / "clock")


@pytest.fixture
def opensearch(pytestconfig: pytest.Config) -> OpenSearch:
    """Return an OpenSearch node without indices."""
    served = _ready(pytestconfig, "opensearch")
    node = OpenSearch(served.url, data=served.log.parent / "data")
    node.reset()
    return node


def _ready(config: pytest.Config, name: str) -> Served:
    try:
        return config.stash[_SESSION].ready(name)
    except Missing as missing:
        skip(missing)
