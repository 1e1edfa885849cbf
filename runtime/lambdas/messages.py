"""Messages from a queue of SQS to the work of a role: what failed comes back, and behind it the rest of its group."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any

from runtime.adapters.aws.queue import delivery
from runtime.bootstrap.cloud import Letters, Work
from runtime.conversation import Delivery
from runtime.errors import Transient, place
from runtime.lambdas.warm import type_of_event

_log = logging.getLogger(__name__)
type_of_record = Mapping[str, Any]


async def answer(work: Letters, event: type_of_event) -> object:
    """Do the work of a batch; report what is to be delivered again."""
    groups: dict[str, list[type_of_record]] = {}
    for record in event["Records"]:
        groups.setdefault(record["attributes"]["MessageGroupId"], []).append(record)
    left = await asyncio.gather(*(_in_order(work, records) for records in groups.values()))
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for records in left for record in records]}


async def _in_order(work: Letters, records: Sequence[type_of_record]) -> Sequence[type_of_record]:
    """Do the work of one group; return what is left from the first failure on."""
    for number, record in enumerate(records):
        if not await _done(work, record):
            if isinstance(work, Work):
                for later in records[number + 1 :]:
                    await work.queue.return_later(later)
            return records[number:]
    return ()


async def _done(work: Letters, record: type_of_record) -> bool:
    try:
        async with _handed(work, record) as message:
            await work.handle(message)
    except Transient as failure:
        _log.info("message.returned", extra={"failure": type(failure).__name__})
    except Exception as error:  # noqa: BLE001 - the outermost loop: the message comes back, the others go on.
        _log.error("message.broken", extra={"failure": place(error)})
    else:
        return True
    return False


def _handed(work: Letters, record: type_of_record) -> AbstractAsyncContextManager[Delivery]:
    if isinstance(work, Work):
        return work.queue.handed(record)
    return nullcontext(delivery(record["attributes"], record["body"]))
