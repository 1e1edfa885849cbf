"""One DynamoDB table as the adapters ask it: plain values, consistent reads, and one policy for what may pass.

What was not answered is asked again, so a write may be done and its answer lost: `Outcome` says when that may be so.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError
from msgspec import Struct

from runtime.adapters.aws import requests
from runtime.adapters.aws.errors import code_of, translated
from runtime.adapters.aws.items import item_of
from runtime.adapters.aws.requests import type_of_fields, type_of_request
from runtime.errors import Unavailable
from runtime.resilience import Retries

if TYPE_CHECKING:
    from types_aiobotocore_dynamodb import DynamoDBClient

_FAILED: Final = "ConditionalCheckFailed"
_CANCELLED: Final = "TransactionCanceledException"


class Outcome(Struct, frozen=True):
    """What became of a conditional write: *fields* are the item's, where they were asked for.

    *doubtful*: it was tried more than once, so that its condition may have failed because it was done already.
    *failed* are the numbers of a transaction's writes whose conditions failed.
    """

    done: bool
    doubtful: bool
    fields: dict[str, Any]
    failed: tuple[int, ...] = ()


class Table:
    """The table *name*; *part* is what it is called where it does not answer."""

    def __init__(self, client: DynamoDBClient, name: str, part: str, retries: Retries) -> None:
        self.client, self.name = client, name
        self.part, self._retries = part, retries

    async def get(self, key: type_of_fields, only: Sequence[str] = ()) -> dict[str, Any] | None:
        """Return the item at *key* as it stands now, or the attributes *only* of it."""
        request = requests.get(self.name, key, only)
        answer = await self.ask(self.client.get_item, request)
        return item_of(answer["Item"]) if "Item" in answer else None

    async def put(self, fields: type_of_fields, condition: str = "", values: type_of_fields | None = None) -> Outcome:
        """Put an item in the place of whatever is there, if *condition* holds of that."""
        return await self._write(self.client.put_item, requests.put(self.name, fields, condition, values))

    async def update(self, key: type_of_fields, change: str, condition: str, values: type_of_fields) -> Outcome:
        """Change the item at *key*, if *condition* holds of it; the outcome has its fields as they are then."""
        request = requests.update(self.name, key, change, condition, values)
        return await self._write(self.client.update_item, request | {"ReturnValues": "ALL_NEW"})

    async def delete(self, key: type_of_fields, condition: str, values: type_of_fields) -> Outcome:
        """Delete the item at *key*, if *condition* holds of it."""
        return await self._write(self.client.delete_item, requests.delete(self.name, key, condition, values))

    async def transact(self, *writes: dict[str, type_of_request]) -> Outcome:
        """Do all of *writes* ({"Put": request}, {"Update": request}) or none of them."""
        return await self._write(self.client.transact_write_items, {"TransactItems": writes})

    async def ask(self, method: Callable[..., Awaitable[Any]], request: type_of_request) -> Any:  # noqa: ANN401 - the SDK's.
        """Return the answer to *request*, asked again where there was none."""

        async def once() -> Any:  # noqa: ANN401 - the SDK's.
            with translated(self.part):
                return await method(**request)

        return await self._retries(once)

    async def _write(self, method: Callable[..., Awaitable[Any]], request: type_of_request) -> Outcome:
        tries = 0

        async def once() -> Outcome:
            nonlocal tries
            tries += 1
            with translated(self.part):
                try:
                    answer = await method(**request)
                except ClientError as error:
                    return Outcome(done=False, doubtful=tries > 1, fields={}, failed=self._conditions(error))
            return Outcome(done=True, doubtful=tries > 1, fields=item_of(answer.get("Attributes", {})))

        return await self._retries(once)

    def _conditions(self, error: ClientError) -> tuple[int, ...]:
        """Return which conditions failed; raise *error* where something else did, `Unavailable` where that may pass."""
        if code_of(error) == f"{_FAILED}Exception":
            return (0,)
        if code_of(error) != _CANCELLED:
            raise error
        reasons = [reason.get("Code") for reason in error.response.get("CancellationReasons", ())]
        if passing := [reason for reason in reasons if reason not in {"None", _FAILED}]:
            raise _passing(self.part, passing) or error
        return tuple(number for number, reason in enumerate(reasons) if reason == _FAILED)


def _passing(part: str, reasons: list[str | None]) -> Unavailable | None:
    """Return what a transaction's *reasons* say that may pass: others were at the same item, or it was too much."""
    for reason in reasons:
        if reason in {"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}:
            return Unavailable(f"{part} does not answer: {reason}")
    return None
