"""Batches of which DynamoDB does a part, or nothing, and says so."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from runtime.conversation import Entry, Turn
from runtime.errors import Unavailable
from tests.adapters.dynamodb import Cloud
from tests.adapters.meddling import Meddler, through
from tests.virtual_time import LoopClock

pytestmark = pytest.mark.real(afar=True)

NOW = LoopClock().start


def entry(turn: str = "turn", attempt: int = 1) -> Entry:
    return Entry(Turn("ada", turn, "words", NOW, NOW + 60, attempt), connection="phone")


def half_done(left: str) -> Callable[[str, Any, Any], Any]:
    """Return what claims that nothing of a batch was done, then that half of it was left out, then that all is done."""
    said = iter((1.0, 0.5))

    def meddle(_: str, arguments: Any, answer: Any) -> Any:  # noqa: ANN401 - as the service says.
        part = next(said, 0.0) if left in answer else 0.0
        if not part:
            return answer
        ((table, asked),) = arguments["RequestItems"].items()
        wanted = asked["Keys"] if left == "UnprocessedKeys" else asked
        rest = wanted[: round(len(wanted) * part)]
        keys = {table: {**asked, "Keys": rest}} if left == "UnprocessedKeys" else {table: rest}
        found = [
            one
            for one in answer.get("Responses", {}).get(table, [])
            if not any(key.items() <= one.items() for key in rest)
        ]
        return {**answer, left: keys, "Responses": {table: found}}

    return meddle


async def test_what_a_batch_leaves_out_is_deleted_in_the_next(cloud: Cloud) -> None:
    client = Meddler(cloud.client, half_done("UnprocessedItems"))
    for number in range(4):
        await cloud.rows.ledger.open(entry(f"turn-{number}"))

    await through(client, cloud).traces["turns"].erase("ada")

    assert cloud.items(cloud.turns) == []
    assert client.calls.count("batch_write_item") == 3


async def test_what_a_batch_leaves_out_is_read_in_the_next(cloud: Cloud) -> None:
    client = Meddler(cloud.client, half_done("UnprocessedKeys"))
    for number in range(4):
        await cloud.rows.ledger.open(entry(f"turn-{number}"))

    page = await through(client, cloud).ledger.page("ada", 9)

    assert [one.turn.text for one in page.items] == ["words"] * 4
    assert client.calls.count("batch_get_item") == 3


async def test_a_batch_of_which_nothing_is_ever_done_is_not_there_now(cloud: Cloud) -> None:
    def nothing(_: str, arguments: Any, answer: Any) -> Any:  # noqa: ANN401 - as the service says.
        return answer | ({"UnprocessedItems": arguments["RequestItems"]} if "RequestItems" in arguments else {})

    await cloud.rows.ledger.open(entry())

    with pytest.raises(Unavailable):
        await through(Meddler(cloud.client, nothing), cloud).traces["turns"].erase("ada")
