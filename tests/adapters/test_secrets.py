"""Secrets by the real SDK, from moto's server."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest

from runtime.adapters.aws.clients import Clients
from runtime.adapters.aws.secrets import Secrets
from runtime.errors import Misconfigured, Unavailable
from tests.adapters.on_aws import clients
from tests.parts.moto import Moto
from tests.parts.wire import faults, serving

pytestmark = pytest.mark.real


async def test_a_secret_is_asked_for_once_a_process(moto: Moto) -> None:
    async with AsyncExitStack() as stack:
        client = await Clients(stack, moto.arguments).open("secretsmanager")
        arn = (await client.create_secret(Name="pepper", SecretString="one"))["ARN"]
        secrets = Secrets(client)

        assert await secrets.get(arn) == "one"
        await client.put_secret_value(SecretId=arn, SecretString="two")
        assert await secrets.get(arn) == "one"


async def test_a_secret_that_does_not_come_is_unavailable_and_asked_for_again(moto: Moto) -> None:
    async with serving(upstreams={"secretsmanager": moto}) as wire, clients(wire) as opened:
        client = await opened.open("secretsmanager")
        arn = (await client.create_secret(Name="pepper", SecretString="one"))["ARN"]
        for name, fault in faults.FAILURES.items():
            if not name.startswith("one piece"):
                wire.fail(fault)
                with pytest.raises(Unavailable):
                    await Secrets(client).get(arn)

        assert await Secrets(client).get(arn) == "one"


async def test_a_secret_that_is_not_there_says_what_to_do(moto: Moto) -> None:
    async with AsyncExitStack() as stack:
        client = await Clients(stack, moto.arguments).open("secretsmanager")

        with pytest.raises(Misconfigured, match="look at its role and its environment"):
            await Secrets(client).get("arn:aws:secretsmanager:us-east-1:123456789012:secret:none-AbCdEf")
