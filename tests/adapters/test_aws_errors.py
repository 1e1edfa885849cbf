"""From the SDK's errors to ours: the class says what to do, the message never what somebody said."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest
from botocore.eventstream import ParserError
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EventStreamError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)

from runtime.adapters.aws.clients import Clients, Limits
from runtime.adapters.aws.errors import translated
from runtime.errors import Failure, Misconfigured, Refused, Unavailable
from tests.parts.moto import Moto
from tests.parts.wire import faults, serving

SECRET = "the badger sings at midnight"
URL = "https://dynamodb.us-east-1.amazonaws.com"


def of_code(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": SECRET}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetItem")


def in_a_stream(code: str) -> EventStreamError:
    return EventStreamError({"Error": {"Code": code, "Message": SECRET}}, "ConverseStream")


def raised(error: Exception) -> Failure:
    """Return what *error* becomes; it is its cause, and is not quoted."""
    with pytest.raises(Failure) as caught, translated("the part"):
        raise error
    assert caught.value.__cause__ is error
    assert SECRET not in str(caught.value)
    return caught.value


PASSING = [
    *map(of_code, ("ThrottlingException", "ProvisionedThroughputExceededException", "TransactionConflictException")),
    *(
        of_code("Anything", 500),
        of_code("Anything", 503),
        of_code("Anything", 429),
        of_code("ExpiredTokenException", 403),
    ),
    *map(in_a_stream, ("throttlingException", "modelStreamErrorException", "internalServerException")),
    *(ReadTimeoutError(endpoint_url=URL), ConnectTimeoutError(endpoint_url=URL), ParserError()),
    *(aiohttp.ClientPayloadError(SECRET), ConnectionResetError(SECRET), TimeoutError()),
]
OURS = [of_code("AccessDeniedException"), of_code("ResourceNotFoundException"), NoCredentialsError()]
NEVER = [of_code("ValidationException"), in_a_stream("validationException"), ParamValidationError(report=SECRET)]


@pytest.mark.parametrize("error", PASSING, ids=repr)
def test_what_may_pass_is_not_there_now(error: Exception) -> None:
    failure = raised(error)

    assert isinstance(failure, Unavailable)
    assert str(failure).startswith("the part does not answer: ")


@pytest.mark.parametrize("error", OURS, ids=repr)
def test_what_somebody_has_to_put_right_says_what_to_do(error: Exception) -> None:
    failure = raised(error)

    assert isinstance(failure, Misconfigured)
    assert "instead: " in str(failure)


@pytest.mark.parametrize("error", NEVER, ids=repr)
def test_what_would_fail_again_is_refused(error: Exception) -> None:
    assert isinstance(raised(error), Refused)


def test_our_own_failures_pass_as_they_are() -> None:
    with pytest.raises(Unavailable, match="ours"), translated("the part"):
        raise Unavailable("ours")


def test_who_was_throttled_is_told_to_keep_still_for_a_while() -> None:
    assert isinstance(failure := raised(of_code("ThrottlingException")), Unavailable)

    assert failure.after > 0


@pytest.mark.real
async def test_a_client_asks_once_and_waits_no_longer_than_it_may(moto: Moto) -> None:
    async with serving(upstreams={"dynamodb": moto}) as wire, AsyncExitStack() as stack:
        client = await Clients(stack, wire.endpoint.arguments).open("dynamodb", Limits(read=0.5))
        for fault in (faults.broken, faults.reset, faults.stalled(0, asyncio.Event())):
            wire.fail(fault)
            with pytest.raises(Unavailable), translated("the table"):
                await client.list_tables()

        assert len(wire.calls) == 3
