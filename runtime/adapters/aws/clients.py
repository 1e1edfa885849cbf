"""AWS clients: one session, each client opened once a process and warm for its life, with pools of its own.

The SDK tries nothing twice: each port has one policy for that (`runtime.resilience`), and two would multiply.
"""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Any, Literal, TypedDict, overload

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from msgspec import Struct

from runtime.adapters.aws.trust import TrustingSession
from runtime.errors import Misconfigured

if TYPE_CHECKING:
    from aiobotocore.credentials import AioCredentials
    from types_aiobotocore_apigatewaymanagementapi import ApiGatewayManagementApiClient
    from types_aiobotocore_bedrock import BedrockClient
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient
    from types_aiobotocore_comprehend import ComprehendClient
    from types_aiobotocore_dynamodb import DynamoDBClient
    from types_aiobotocore_polly import PollyClient
    from types_aiobotocore_sagemaker_runtime import SageMakerRuntimeClient
    from types_aiobotocore_secretsmanager import SecretsManagerClient
    from types_aiobotocore_sqs import SQSClient


class Where(TypedDict):
    """Where the clients call and as whom, if not as the process's surroundings say."""

    endpoint_url: str
    region_name: str
    aws_access_key_id: str
    aws_secret_access_key: str


class Limits(Struct, frozen=True):
    """What a client may take: seconds to *connect* and between bytes that are *read*, *connections* at once.

    A connection that was idle for *idle* seconds is not used again: the service may have closed it.
    """

    connect: float = 1.0
    read: float = 3.0
    connections: int = 128
    idle: float = 50.0


_USUAL = Limits()


class Clients:
    """Opens clients that stay open as long as *stack*, in *region* where *where* says no other."""

    def __init__(self, stack: AsyncExitStack, where: Where | None = None, region: str | None = None) -> None:
        self._stack = stack
        self._session = get_session()
        self._session.set_config_variable("region", region)
        for library in ("aiobotocore", "botocore"):  # With each client, they tell where they found what.
            logging.getLogger(library).setLevel(logging.WARNING)
        self._where: dict[str, Any] = {**where} if where else {}

    @overload
    async def open(
        self, service: Literal["apigatewaymanagementapi"], limits: Limits = ..., *, endpoint: str | None = ...
    ) -> ApiGatewayManagementApiClient: ...
    @overload
    async def open(self, service: Literal["bedrock"], limits: Limits = ...) -> BedrockClient: ...
    @overload
    async def open(self, service: Literal["bedrock-runtime"], limits: Limits = ...) -> BedrockRuntimeClient: ...
    @overload
    async def open(self, service: Literal["comprehend"], limits: Limits = ...) -> ComprehendClient: ...
    @overload
    async def open(self, service: Literal["dynamodb"], limits: Limits = ...) -> DynamoDBClient: ...
    @overload
    async def open(self, service: Literal["polly"], limits: Limits = ...) -> PollyClient: ...
    @overload
    async def open(self, service: Literal["sagemaker-runtime"], limits: Limits = ...) -> SageMakerRuntimeClient: ...
    @overload
    async def open(self, service: Literal["secretsmanager"], limits: Limits = ...) -> SecretsManagerClient: ...
    @overload
    async def open(self, service: Literal["sqs"], limits: Limits = ...) -> SQSClient: ...
    async def open(self, service: Any, limits: Limits = _USUAL, *, endpoint: str | None = None) -> Any:
        """Open a client of *service*, at *endpoint* where the service is told by its address."""
        where = self._where | ({"endpoint_url": endpoint} if endpoint else {})
        return await self._stack.enter_async_context(
            self._session.create_client(service, config=_config(limits), **where)
        )

    async def prepare(self, service: Literal["apigatewaymanagementapi"]) -> None:
        """Read what the SDK knows of *service*, so that a client whose address is not known yet opens at once."""
        async with self._session.create_client(service, config=_config(_USUAL), **self._where):
            pass

    async def credentials(self) -> AioCredentials:
        """Return whose calls these are, for what is signed without a client; raise `Misconfigured` for nobody's."""
        found = await self._session.get_credentials()
        if found is None:
            raise Misconfigured(
                "got: no credentials; why not: AWS answers nobody without them; "
                "instead: give the process a role, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        return found


def _config(limits: Limits) -> AioConfig:
    return AioConfig(
        connect_timeout=limits.connect,
        read_timeout=limits.read,
        max_pool_connections=limits.connections,
        retries={"total_max_attempts": 1},
        connector_args={"keepalive_timeout": limits.idle},
        http_session_cls=TrustingSession,
    )
