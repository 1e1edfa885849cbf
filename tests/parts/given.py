"""Clients of the parts, as a program opens them: without retries of their own."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any, cast

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session

from tests.parts.endpoint import Endpoint


def client(service: str, endpoint: Endpoint, **other: str) -> AbstractAsyncContextManager[Any]:
    """Open a client of *service* at *endpoint*, with *other* arguments in place of its own."""
    once = AioConfig(retries={"total_max_attempts": 1})
    create = cast("Any", get_session().create_client)
    return cast("AbstractAsyncContextManager[Any]", create(service, **{**endpoint.arguments, **other}, config=once))
