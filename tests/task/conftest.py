"""What the worker's tests stand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lambdas.stack import Ground
from tests.parts.elasticmq import ElasticMq
from tests.parts.moto import Moto
from tests.parts.opensearch import OpenSearch


@pytest.fixture
def ground(tmp_path: Path, moto: Moto, elasticmq: ElasticMq, opensearch: OpenSearch) -> Ground:
    """Return the real parts, all of them empty."""
    return Ground(tmp_path, moto, elasticmq, opensearch)
