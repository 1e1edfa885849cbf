"""Clients of the parts, as a program opens them: without retries of their own."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import cache
from typing import Any, cast

from aiobotocore.config import AioConfig
from aiobotocore.session import AioSession, get_session

from tests.parts.endpoint import Endpoint


def client(service: str, endpoint: Endpoint, **other: str) -> AbstractAsyncContextManager[Any]:
    """Open a client of *service* at *endpoint*, with *other* arguments in place of its own."""
    once = AioConfig(retries={"total_max_attempts": 1})
    create = cast("Any", _session().create_client)
    return cast("AbstractAsyncContextManager[Any]", create(service, **{**endpoint.arguments, **other}, config=once))


@cache
def _session() -> AioSession:
    """Return one session for all tests: reading what it knows of a service takes sixty times as long as a client."""
    return get_session()
