"""What a deployment makes, on real parts and wire fakes: tables, queues, an API, and each role's environment."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, fields
from itertools import count
from pathlib import Path

from runtime.adapters.aws import tables
from runtime.settings import ROLES, environment
from tests.adapters.dynamodb import definition
from tests.lambdas import pool, tls
from tests.lambdas.pool import Pool
from tests.parts.elasticmq import ElasticMq
from tests.parts.event_source import event_source
from tests.parts.function import Function, lambda_function
from tests.parts.given import client
from tests.parts.moto import Moto
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import Comprehend, Connections, Converse, Guardrail, Polly, Titan, Wire, says, serving
from tests.parts.wire.reply import Service

_MOST = 3
_ORDERED = {"FifoQueue": "true", "DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
_numbers = count()


@dataclass
class Stack:
    """A deployment: whose calls reach *wire*, whose sockets are at *api*, at the domain *front* (with TLS)."""

    ground: Ground
    wire: Wire
    api: Connections
    pool: Pool
    front: tls.Front
    values: Mapping[str, str]
    functions: AsyncExitStack
    _functions: dict[str, Function] = field(default_factory=dict)

    def environ(self, role: str) -> dict[str, str]:
        """Return the environment of the process that is *role*."""
        known = {one.name for one in fields(ROLES[role])}
        told = environment(role, **{name: value for name, value in self.values.items() if name in known})
        return {**told, **self.wire.endpoint.environ, "AWS_CA_BUNDLE": str(self.front.certificate)}

    async def function(self, role: str, within: float = 75.0) -> Function:
        """Return the function that is *role*, as it is deployed."""
        if role not in self._functions:
            opened = lambda_function(f"runtime.lambdas.{role}.handler", self.environ(role), within=within)
            self._functions[role] = await self.functions.enter_async_context(opened)
        return self._functions[role]

    async def work(self, role: str, queue: str) -> None:
        """Feed the function that is *role* one message of *queue*, and see it handled."""
        function, url = await self.function(role), self.values[f"{queue}_queue_url"]
        async with event_source(self.ground.elasticmq, url, function, concurrency=1) as settled:
            assert not (await settled.get()).failed, function.log()


@dataclass(frozen=True)
class Ground:
    """The real parts that a stack is deployed on, and a folder for what it needs."""

    folder: Path
    moto: Moto
    elasticmq: ElasticMq
    opensearch: OpenSearch


@asynccontextmanager
async def deployed(ground: Ground, *services: Service) -> AsyncIterator[Stack]:
    """Deploy a stack whose model is among *services*, or says one thing."""
    api = Connections()
    upstreams = {"dynamodb": ground.moto, "sqs": ground.elasticmq, "es": ground.opensearch}
    spoken = services or (Converse(says("One day at sea. ", "Two days on land.")),)
    async with (
        serving(*spoken, Titan(), Guardrail(), Comprehend(), Polly(), api, upstreams=upstreams) as wire,
        tls.front(wire.endpoint.url, ground.folder) as front,
        pool.serving() as users,
        AsyncExitStack() as functions,
    ):
        values = {**await _tables(ground.moto), **await _queues(ground.elasticmq), **_told(wire, users)}
        yield Stack(ground, wire, api, users, front, values, functions)


async def _tables(moto: Moto) -> dict[str, str]:
    shapes = {
        "memory_table": tables.MEMORY,
        "turns_table": tables.TURNS,
        "connections_table": tables.CONNECTIONS,
        "erased_table": tables.ERASED,
    }
    made = {role: definition(shape) for role, shape in shapes.items()}
    async with client("dynamodb", moto) as dynamodb:
        for told in made.values():
            await dynamodb.create_table(**told)
    return {role: told["TableName"] for role, told in made.items()}


async def _queues(elasticmq: ElasticMq) -> dict[str, str]:
    number = next(_numbers)
    urls: dict[str, str] = {}
    async with client("sqs", elasticmq) as sqs:
        for name in ("turn", "background"):
            dead = await sqs.create_queue(QueueName=f"{name}-dead-{number}.fifo", Attributes=_ORDERED)
            told = await sqs.get_queue_attributes(QueueUrl=dead["QueueUrl"], AttributeNames=["QueueArn"])
            arn = told["Attributes"]["QueueArn"]
            redrive = f'{{"deadLetterTargetArn": "{arn}", "maxReceiveCount": {_MOST}}}'
            attributes = {**_ORDERED, "VisibilityTimeout": "90", "RedrivePolicy": redrive}
            made = await sqs.create_queue(QueueName=f"{name}-{number}.fifo", Attributes=attributes)
            urls |= {f"{name}_queue_url": made["QueueUrl"], f"{name}_dead": dead["QueueUrl"]}
    return urls


def _told(wire: Wire, users: Pool) -> dict[str, str]:
    return {
        "issuer": pool.ISSUER,
        "jwks_url": users.url,
        "clients": pool.CLIENT,
        "search_endpoint": wire.endpoint.url,
        "search_index": f"memories-{next(_numbers)}",
        "search_engine": "lucene",
        "guardrail_id": "gr0000000001",
        "guardrail_version": "1",
        "model_id": "us.anthropic.claude-haiku-5-5",
    }
