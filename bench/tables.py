"""What the stores on DynamoDB add to the SDK: a row read, a signal written, the look at all turns of a busy worker."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from runtime.adapters.aws import many, requests, tables, turns
from runtime.adapters.aws.items import item
from runtime.adapters.aws.stores import Opener
from runtime.adapters.aws.table import Table
from runtime.adapters.local.clock import SystemClock
from runtime.conversation import Entry, Turn
from runtime.resilience import Retries
from tests.adapters.dynamodb import definition

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient

Call = Callable[[], Awaitable[object]]

_TURNS = 25
_FRAMES = tuple(b'{"type":"text","text":"How was your day at the sea?"}' for _ in range(10))
_LOOKED_AT = ("user_id", "item", "epoch", "stop", "connection", "resume_after", "attached")
_ATTACH = "SET #connection = :connection, #resume_after = :after, #attached = #attached + :one"


async def pairs(client: DynamoDBClient) -> dict[str, tuple[Call, Call]]:
    """Return what is compared: a call by the SDK alone, and the same by its adapter."""
    made = [definition(shape) for shape in (tables.TURNS, tables.ERASED)]
    for arguments in made:
        await client.create_table(**arguments)
    name, dice = made[0]["TableName"], random.Random()
    rows = Opener(client, clock := SystemClock(), dice).rows(name, made[1]["TableName"])
    for number in range(_TURNS):
        await rows.ledger.open(Entry(Turn("ada", str(number), "Hello?", clock.now(), 0.0), frames=_FRAMES))
    keys = [turns.live_key("ada", str(number)) for number in range(_TURNS)]
    projection = requests.expressed({}, ProjectionExpression=requests.chosen(_LOOKED_AT))
    look: Any = {name: {"Keys": [item(key) for key in keys], "ConsistentRead": True, **projection}}
    attach = requests.update(name, keys[0], _ATTACH, "", {"connection": "phone", "after": 0, "one": 1})
    return {
        "row read": (partial(client.get_item, **requests.get(name, keys[0])), partial(rows.ledger.read, "ada", "0")),
        "signal": (
            partial(client.update_item, **attach, ReturnValues="ALL_NEW"),
            partial(rows.signals.attach, "ada", "0", "phone", 0),
        ),
        "look at 25 turns": (
            partial(client.batch_get_item, RequestItems=look),
            partial(many.read, Table(client, name, "the ledger", Retries(dice)), keys, _LOOKED_AT),
        ),
    }
