"""What the cloud's roles open: each client once, for those who ask for it, closed when the process ends.

Adapters are imported where they are opened, so that a function starts with no more code than its role needs.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from contextlib import AsyncExitStack
from functools import partial
from typing import TYPE_CHECKING

from runtime.adapters.aws.clients import Clients, Limits
from runtime.adapters.aws.connections import ApiGatewayConnections
from runtime.adapters.aws.metrics import EmfMetrics
from runtime.adapters.aws.table import Table
from runtime.adapters.local.clock import RandomIds, SystemClock
from runtime.errors import Misconfigured
from runtime.identity import pseudonym
from runtime.resilience import Retries
from runtime.settings import cloud as told

if TYPE_CHECKING:
    from types_aiobotocore_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from types_aiobotocore_dynamodb import DynamoDBClient

    from runtime.adapters.aws.queue import SqsQueue
    from runtime.adapters.aws.search.domain import Domain
    from runtime.adapters.aws.stores import Hot, Opener, Rows
    from runtime.policy import Policy
    from runtime.ports import Tracer

_POLLING = Limits(read=25.0)  # A poll is held for 20 s.
_AT_ONCE = Limits(read=1.0)  # DynamoDB answers in milliseconds, or is asked again.
_DAY = 86_400.0


class Cloud:
    """What every role's process has; what it opens stays open as long as *stack*."""

    def __init__(self, stack: AsyncExitStack, role: str, environ: Mapping[str, str]) -> None:
        self.stack, self.environ = stack, environ
        self.region = environ.get("AWS_REGION", "")
        if not self.region:
            raise Misconfigured(
                "got: no AWS_REGION; why not: AWS's services are told apart by it; instead: AWS_REGION=us-east-1"
            )
        self.clients = Clients(stack, region=self.region)
        self.clock, self.ids = SystemClock(), RandomIds()
        self.dice = random.Random()  # noqa: S311 - spreads retries, guards nothing.
        self.metrics = EmfMetrics(role, self.clock, _write)
        self._tables: DynamoDBClient | None = None
        self._connections: ApiGatewayConnections | None = None

    async def rows(self, settings: told.Rows) -> Rows:
        """Open the tables of turns and of who was erased."""
        naming = pseudonym
        if settings.pseudonym_secret:
            naming = partial(pseudonym, secret=await self._secret(settings.pseudonym_secret))
        return (await self._opener()).rows(settings.turns_table, settings.erased_table, naming)

    async def hot(self, settings: told.Hot, policy: Policy) -> Hot:
        """Open the table of recent exchanges, kept as long as *policy* says."""
        return (await self._opener()).hot(settings.memory_table, policy.retention.recent_days * _DAY)

    async def connections(self, settings: told.Sockets) -> ApiGatewayConnections:
        """Open the table of connections, and what posts to them, once."""
        if self._connections is not None:
            return self._connections

        async def opens(endpoint: str) -> ApiGatewayManagementApiClient:
            return await self.clients.open("apigatewaymanagementapi", endpoint=endpoint)

        await self.clients.prepare("apigatewaymanagementapi")
        part = "the table of connections"
        table = Table(await self._dynamodb(), settings.connections_table, part, Retries(self.dice))
        self._connections = ApiGatewayConnections(table, opens, self.clock)
        return self._connections

    async def queue(self, url: str, limits: Limits = _POLLING) -> SqsQueue:
        """Open the queue at *url*."""
        from runtime.adapters.aws.queue import SqsQueue

        return SqsQueue(await self.clients.open("sqs", limits), url, self.ids)

    async def search(self, settings: told.Search) -> Domain:
        """Open the index of long-term memories."""
        from runtime.adapters.aws.search import Access, Index, open_client
        from runtime.adapters.aws.search.domain import Domain

        access = Access(settings.search_endpoint, self.region, await self.clients.credentials())
        client = open_client(access)
        self.stack.push_async_callback(client.close)
        return Domain(client, Index(settings.search_index, settings.search_engine))

    def tracer(self, settings: told.Telling) -> Tracer | None:
        """Open the way to X-Ray's daemon, where there is one and it is to be told."""
        address = self.environ.get("AWS_XRAY_DAEMON_ADDRESS", "")
        if not settings.tracing or not address:
            return None
        from runtime.adapters.aws.tracing import XRayTracer, datagrams

        send = self.stack.enter_context(datagrams(address))
        return XRayTracer(send, self.clock, lambda: self.environ.get("_X_AMZN_TRACE_ID", ""))

    async def _opener(self) -> Opener:
        from runtime.adapters.aws.stores import Opener

        return Opener(await self._dynamodb(), self.clock, self.dice)

    async def _dynamodb(self) -> DynamoDBClient:
        if self._tables is None:
            self._tables = await self.clients.open("dynamodb", _AT_ONCE)
        return self._tables

    async def _secret(self, arn: str) -> str:
        from runtime.adapters.aws.secrets import Secrets

        return await Secrets(await self.clients.open("secretsmanager")).get(arn)


def _write(line: str) -> None:
    """Write at once: whoever freezes this process, or kills it, asks no buffer."""
    sys.stdout.write(line)
    sys.stdout.flush()
