"""The event source: what a function sees through leaves the queue, what it reports as failed comes again."""

from pathlib import Path
from typing import Any

import pytest

from tests.parts.elasticmq import ElasticMq
from tests.parts.event_source import Settled, event_source
from tests.parts.events import batch
from tests.parts.function import lambda_function
from tests.parts.given import client

pytestmark = pytest.mark.real

_HANDLER = """
def handler(event, context):
    bodies = [record["body"] for record in event["Records"]]
    if "broken" in bodies:
        raise ValueError("no such turn")
    failed = [record["messageId"] for record in event["Records"] if record["body"] == "failed"]
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
"""
_LONGER_THAN_A_COLD_START = "5"


@pytest.mark.parametrize("kind", ["failed", "broken"])
async def test_what_fails_comes_again_when_its_visibility_ends(elasticmq: ElasticMq, tmp_path: Path, kind: str) -> None:
    first, again = await _settled(elasticmq, tmp_path, kind, times=2, visibility=_LONGER_THAN_A_COLD_START)

    assert len(first.failed) == 1
    assert first.failed == again.failed
    assert again.event["Records"][0]["attributes"]["ApproximateReceiveCount"] == "2"


async def test_what_is_seen_through_makes_way_for_the_next_of_its_group(elasticmq: ElasticMq, tmp_path: Path) -> None:
    first, second = await _settled(elasticmq, tmp_path, "1", "2", times=2)

    assert [settled.event["Records"][0]["body"] for settled in (first, second)] == ["1", "2"]
    assert not first.failed


async def test_a_record_has_all_that_the_service_s_has(elasticmq: ElasticMq, tmp_path: Path) -> None:
    [settled] = await _settled(elasticmq, tmp_path, "1", times=1)

    [record], [expected] = settled.event["Records"], batch("1")["Records"]
    assert record.keys() == expected.keys()
    assert record["attributes"].keys() >= expected["attributes"].keys() - {"SequenceNumber"}


async def _settled(
    elasticmq: ElasticMq, path: Path, *bodies: str, times: int, visibility: str = "300"
) -> list[Settled]:
    (path / "app.py").write_text(_HANDLER)
    async with lambda_function("app.handler", path=path) as function, client("sqs", elasticmq) as sqs:
        queue = await _filled(sqs, bodies, visibility)
        async with event_source(elasticmq, queue, function) as settled:
            return [await settled.get() for _ in range(times)]


async def _filled(sqs: Any, bodies: tuple[str, ...], visibility: str) -> str:  # noqa: ANN401 - the SDK's own client
    told = {"FifoQueue": "true", "VisibilityTimeout": visibility}
    queue = str((await sqs.create_queue(QueueName="turns.fifo", Attributes=told))["QueueUrl"])
    for body in bodies:
        await sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId="ana", MessageDeduplicationId=body)
    return queue
