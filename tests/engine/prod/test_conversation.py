"""What the engine brought up as `prod` holds a conversation: by its tasks, and its model on SageMaker."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.deployed import services
from tests.deployed.stack import deployed
from tests.deployed.talk import ANSWER, SAID, converse
from tests.engine.conftest import Standing
from tests.parts.elasticmq import ElasticMq
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import Converse, SageMaker, sagemaker, says

pytestmark = pytest.mark.real


async def test_its_tasks_answer_remember_and_erase(
    prod: Standing, elasticmq: ElasticMq, opensearch: OpenSearch, tmp_path: Path
) -> None:
    ground = await prod.deployed.ground(elasticmq, opensearch, tmp_path)
    model = SageMaker(sagemaker.openai(*ANSWER), name=await services.endpoint(ground.emulator))
    in_its_place = Converse(says(*ANSWER))
    async with deployed(ground, model, in_its_place) as stack:
        told, manifest = await converse(stack)

    assert told[:2] == [SAID, "".join(ANSWER)]
    assert manifest.verified
