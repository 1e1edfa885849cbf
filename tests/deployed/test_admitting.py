"""A function answers those whom its own policy admits, for the sources that it names."""

from __future__ import annotations

import pytest

from tests.deployed.account import Deployed
from tests.deployed.admitting import Admitted
from tests.parts.runtime_api import Failed

API = "arn:aws:execute-api:us-east-1:123456789012:a1b2c3d4e5"
FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:turn"


class Echo:
    """Answers with what it is told."""

    async def invoke(self, event: object) -> object:
        """Return *event*."""
        return event


def admitted(source: str, service: str = "apigateway.amazonaws.com") -> Admitted:
    """Return a function that admits the route `send` of *service*, called on behalf of *source*."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "lambda:InvokeFunction",
        "Resource": FUNCTION,
        "Condition": {"ArnLike": {"AWS:SourceArn": f"{API}/v1/send"}},
    }
    turn = Deployed("turn", FUNCTION, "", "a.handler", {}, 10, 512, "", {"Statement": [statement]})
    return Admitted(turn, Echo(), source)


async def test_who_is_admitted_is_answered() -> None:
    assert await admitted(f"{API}/v1/send").invoke("hello") == "hello"


@pytest.mark.parametrize(
    ("source", "service"),
    [
        (f"{API}/v1/erase", "apigateway.amazonaws.com"),
        (f"{API}/v2/send", "apigateway.amazonaws.com"),
        (f"{API}/v1/send", "events.amazonaws.com"),
    ],
)
async def test_who_is_not_finds_a_function_that_fails(source: str, service: str) -> None:
    with pytest.raises(Failed) as failed:
        await admitted(source, service).invoke("hello")

    assert failed.value.kind == "AccessDeniedException"
