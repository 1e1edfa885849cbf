"""Many items of a DynamoDB table: asked page by page, read and deleted by batches, what was left out asked again."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from typing import Any, Final

from runtime.adapters.aws.items import item, item_of
from runtime.adapters.aws.requests import chosen, expressed, type_of_fields, type_of_request
from runtime.adapters.aws.table import Table
from runtime.errors import Unavailable

_READ_AT_ONCE: Final = 100
_WRITTEN_AT_ONCE: Final = 25


async def query(
    table: Table,
    condition: str,
    values: type_of_fields,
    *,
    only: str = "",
    attributes: Sequence[str] = (),
    **more: object,
) -> AsyncGenerator[list[dict[str, Any]], None]:
    """Yield page by page the items whose keys *condition* holds of, and *only* where there is such a condition.

    Of each item come the *attributes* (none: all). *more* are further fields of the request.
    """
    expressions = {"KeyConditionExpression": condition, "FilterExpression": only}
    request = {
        "TableName": table.name,
        **expressed(values, **expressions, ProjectionExpression=chosen(attributes)),
        **more,
    }
    async for answer in _pages(table, table.client.query, request):
        yield [item_of(one) for one in answer["Items"]]


async def scan(
    table: Table, condition: str, values: type_of_fields, **more: object
) -> AsyncGenerator[list[dict[str, Any]], None]:
    """Yield page by page the items of everybody that *condition* holds of: for operators, and at a start."""
    request = {"TableName": table.name, **expressed(values, FilterExpression=condition), **more}
    async for answer in _pages(table, table.client.scan, request):
        yield [item_of(one) for one in answer["Items"]]


async def first(pages: AsyncGenerator[list[dict[str, Any]], None], limit: int) -> list[dict[str, Any]]:
    """Return the first *limit* items of *pages*, and ask for no more of these than that takes."""
    found: list[dict[str, Any]] = []
    async with aclosing(pages):
        async for page in pages:
            found += page
            if len(found) >= limit:
                break
    return found[:limit]


async def count(table: Table, condition: str, values: type_of_fields) -> int:
    """Return how many items there are whose keys *condition* holds of, expired ones that still lie there included."""
    expressions = expressed(values, KeyConditionExpression=condition)
    request = {"TableName": table.name, "Select": "COUNT", "ConsistentRead": True, **expressions}
    return sum([answer["Count"] async for answer in _pages(table, table.client.query, request)])


async def read(table: Table, keys: Sequence[type_of_fields], attributes: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Return those items at *keys* that there are (of each, the *attributes*) as they stand now, in any order."""
    found: list[dict[str, Any]] = []
    for some in _batches(keys, _READ_AT_ONCE):
        projection = expressed({}, ProjectionExpression=chosen(attributes))
        wanted = {table.name: {"Keys": some, "ConsistentRead": True, **projection}}
        async for answer in _until_all(table, table.client.batch_get_item, wanted, "UnprocessedKeys"):
            found += map(item_of, answer["Responses"].get(table.name, ()))
    return found


async def delete(table: Table, keys: Sequence[type_of_fields]) -> None:
    """Delete the items at *keys*."""
    for some in _batches(keys, _WRITTEN_AT_ONCE):
        wanted = {table.name: [{"DeleteRequest": {"Key": key}} for key in some]}
        async for _ in _until_all(table, table.client.batch_write_item, wanted, "UnprocessedItems"):
            pass


async def _pages(table: Table, method: Callable[..., Awaitable[Any]], request: type_of_request) -> AsyncIterator[Any]:
    while True:
        answer = await table.ask(method, request)
        yield answer
        if not answer.get("LastEvaluatedKey"):
            return
        request = request | {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


async def _until_all(
    table: Table, method: Callable[..., Awaitable[Any]], wanted: dict[str, Any], left: str
) -> AsyncIterator[Any]:
    """Yield the answers to a batch until nothing is *left* of it; an answer that did nothing is none."""

    async def progressing(**request: dict[str, Any]) -> Any:  # noqa: ANN401 - the SDK's.
        answer = await method(**request)
        if _size(answer.get(left, {})) == _size(request["RequestItems"]):
            raise Unavailable(f"{table.part} does not answer: nothing of a batch was done")
        return answer

    while wanted:
        answer = await table.ask(progressing, {"RequestItems": wanted})
        yield answer
        wanted = answer.get(left, {})


def _size(batch: dict[str, Any]) -> int:
    return sum(len(one["Keys"] if isinstance(one, dict) else one) for one in batch.values())


def _batches(keys: Sequence[type_of_fields], size: int) -> list[list[dict[str, Any]]]:
    return [[item(key) for key in keys[start : start + size]] for start in range(0, len(keys), size)]
