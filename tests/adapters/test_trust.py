"""The clients of a process share whom they trust, and trust nobody else by that."""

from __future__ import annotations

import ssl
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import SSLError

from runtime.adapters.aws.clients import Clients
from tests.lambdas import tls
from tests.parts.endpoint import Endpoint


async def trusted(client: Any) -> ssl.SSLContext:  # noqa: ANN401 - the SDK's own.
    """Return what the connections of *client* are verified by."""
    session = await client._endpoint.http_session._get_session(None)
    context: ssl.SSLContext = session.connector._ssl
    return context


async def test_authorities_are_read_once_for_all_clients() -> None:
    async with AsyncExitStack() as stack:
        clients = Clients(stack, Endpoint("https://127.0.0.1:9").arguments)
        one, other = await clients.open("sqs"), await clients.open("dynamodb")

        context = await trusted(one)
        assert await trusted(other) is context

    assert context.check_hostname
    assert context.verify_mode is ssl.CERT_REQUIRED


async def test_a_stranger_is_not_trusted(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(tls.front("http://127.0.0.1:9", tmp_path))
        sqs = await Clients(stack, Endpoint(f"https://{front.domain}").arguments).open("sqs")

        with pytest.raises(SSLError, match="CERTIFICATE_VERIFY_FAILED"):
            await sqs.list_queues()
