"""Who gets in: the authorizer's word and $connect's, in the shapes that API Gateway has for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.lambdas import pool
from tests.lambdas.pool import Pool
from tests.parts.events import event
from tests.parts.function import Function, lambda_function
from tests.parts.runtime_api import Failed

pytestmark = pytest.mark.real


@asynccontextmanager
async def authorizer() -> AsyncIterator[tuple[Function, Pool]]:
    """Run the authorizer of a pool."""
    async with pool.serving() as users:
        environ = {"ISSUER": pool.ISSUER, "JWKS_URL": users.url, "CLIENTS": f"phone,{pool.CLIENT}"}
        async with lambda_function("runtime.lambdas.authorizer.handler", environ) as function:
            yield function, users


def offering(*protocols: str) -> dict[str, object]:
    """Return the event of a handshake that offers *protocols*."""
    return event("authorize", multiValueHeaders={"Sec-WebSocket-Protocol": list(protocols)})


async def test_a_token_of_the_pool_opens_this_connection_and_says_whose_it_is() -> None:
    async with authorizer() as (function, users):
        token = users.token("a:user@example.org", minor=True, exp=4_000_000_000, auth_time=1_795_262_400)

        answer = await function.invoke(offering(f"companion.v1, bearer.{token}"))

    arn = "arn:aws:execute-api:us-east-1:123456789012:abcdef1234/prod/$connect"
    statement = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": arn}
    context = {"user": "a:user@example.org", "expires": "4000000000.0", "minor": "1", "signed_in": "1795262400.0"}
    assert answer == {
        "principalId": "a:user@example.org",
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": context,
    }


async def test_protocols_in_lines_of_their_own_are_as_good() -> None:
    async with authorizer() as (function, users):
        answer = await function.invoke(offering("companion.v1", f"bearer.{users.token()}"))

    assert isinstance(answer, dict)
    assert answer["context"]["minor"] == ""


@pytest.mark.parametrize("offered", ["companion.v1", "companion.v1, bearer.", "companion.v1, bearer.a.b.c", ""])
async def test_without_a_token_nobody_is_let_in(offered: str) -> None:
    async with authorizer() as (function, _):
        with pytest.raises(Failed) as refused:
            await function.invoke(offering(offered))

    assert refused.value.message == "Unauthorized"


async def test_what_is_refused_is_repeated_nowhere() -> None:
    async with authorizer() as (function, users):
        token = users.token(exp=1_700_000_000)
        with pytest.raises(Failed) as refused:
            await function.invoke(offering(f"companion.v1, bearer.{token}"))

        assert refused.value.message == "Unauthorized"
        assert token not in function.log() + str(refused.value.trace)


async def test_a_pool_that_is_away_refuses_nobody_for_good() -> None:
    async with authorizer() as (function, users):
        users.away = True
        with pytest.raises(Failed) as failed:
            await function.invoke(offering(f"companion.v1, bearer.{users.token()}"))
        users.away = False

        assert failed.value.message != "Unauthorized"
        assert await function.invoke(offering(f"companion.v1, bearer.{users.token()}"))


async def test_a_warm_process_asks_for_the_keys_once() -> None:
    async with authorizer() as (function, users):
        for _ in range(3):
            await function.invoke(offering(f"companion.v1, bearer.{users.token()}"))

        assert (users.asked, function.cold_starts) == (1, 1)
