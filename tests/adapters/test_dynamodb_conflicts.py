"""Two who write one item at a time: a transaction that was in the way is asked again, any other end is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from runtime.conversation import Entry, Turn
from runtime.errors import Refused, Unavailable
from tests.adapters.dynamodb import Cloud
from tests.adapters.meddling import Meddler, through
from tests.virtual_time import LoopClock

pytestmark = pytest.mark.real(afar=True)

NOW = LoopClock().start
ENTRY = Entry(Turn("ada", "turn", "words", NOW, NOW + 60))


def cancelled(times: int, *reasons: str) -> Callable[[str], None]:
    """Return what cancels so many transactions, for *reasons*."""
    left = iter(range(times))

    def refuse(operation: str) -> None:
        if operation == "transact_write_items" and next(left, None) is not None:
            error: Any = {"Error": {"Code": "TransactionCanceledException"}}
            error["CancellationReasons"] = [{"Code": reason} for reason in reasons]
            raise ClientError(error, operation)

    return refuse


@pytest.mark.parametrize("reason", ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"])
async def test_a_transaction_that_others_were_in_the_way_of_is_asked_again(cloud: Cloud, reason: str) -> None:
    client = Meddler(cloud.client, refuse=cancelled(2, "None", reason))

    assert await through(client, cloud).ledger.open(ENTRY) is None

    assert client.calls.count("transact_write_items") == 3
    assert await cloud.rows.ledger.read("ada", "turn") == ENTRY


async def test_one_that_others_are_in_the_way_of_each_time_is_not_there_now(cloud: Cloud) -> None:
    client = Meddler(cloud.client, refuse=cancelled(9, "TransactionConflict", "ConditionalCheckFailed"))

    with pytest.raises(Unavailable, match="the ledger does not answer: TransactionConflict"):
        await through(client, cloud).ledger.open(ENTRY)


async def test_one_that_can_never_be_is_refused_at_once(cloud: Cloud) -> None:
    client = Meddler(cloud.client, refuse=cancelled(1, "ValidationError", "None"))

    with pytest.raises(Refused, match="the ledger refused: TransactionCanceledException"):
        await through(client, cloud).ledger.open(ENTRY)

    assert client.calls.count("transact_write_items") == 1
