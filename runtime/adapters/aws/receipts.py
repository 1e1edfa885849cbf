"""What is done with the receipts of messages in hand, ten in one call: kept while they are held, then removed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from runtime.adapters.aws.errors import translated
from runtime.errors import Failure, Unavailable, place

if TYPE_CHECKING:
    from types_aiobotocore_sqs import SQSClient

_log = logging.getLogger(__name__)
_AT_ONCE = 10


class Heartbeat:
    """Keeps what is held invisible to others; one timer serves all, so that a message costs no task of its own."""

    def __init__(self, client: SQSClient, url: str, visibility: int) -> None:
        self._client, self._url, self._visibility = client, url, visibility
        self._held: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._beat: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def holding(self, receipt: str) -> AsyncIterator[None]:
        """Keep the message of *receipt* for the length of the block; no beat comes after it."""
        self._held.add(receipt)
        if self._timer is None:
            self._plan()
        try:
            yield
        finally:
            self._held.discard(receipt)
            if not self._held:
                self._rest()
            if self._beat is not None:
                await asyncio.shield(asyncio.wait([self._beat]))

    def _plan(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(self._visibility / 3, self._extend)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _extend(self) -> None:
        self._plan()
        if self._beat is None:
            self._beat = asyncio.get_running_loop().create_task(self._extended(list(self._held)))
            self._beat.add_done_callback(self._beaten)

    def _beaten(self, _: asyncio.Task[None]) -> None:
        self._beat = None

    async def _extended(self, receipts: list[str]) -> None:
        """Extend all; what is not extended is taken by somebody else, whose lease then makes this one fall silent."""
        for some in _tens(receipts):
            try:
                with translated("the queue"):
                    answer = await self._client.change_message_visibility_batch(
                        QueueUrl=self._url,
                        Entries=[
                            {"Id": str(number), "ReceiptHandle": receipt, "VisibilityTimeout": self._visibility}
                            for number, receipt in enumerate(some)
                        ],
                    )
            except Failure as failure:
                _log.warning("messages.unextended", extra={"messages": len(some), "failure": place(failure)})
            else:
                if failed := answer.get("Failed"):
                    _log.warning("messages.unextended", extra={"messages": len(failed), "failure": failed[0]["Code"]})


class Removal:
    """Removes what was handled: what comes while one call is out goes together in the next."""

    def __init__(self, client: SQSClient, url: str) -> None:
        self._client, self._url = client, url
        self._waiting: list[tuple[str, asyncio.Future[None]]] = []
        self._work: asyncio.Task[None] | None = None

    async def remove(self, receipt: str) -> None:
        """Remove the message of *receipt*, also where whoever waits for that is cancelled; raise `Unavailable`."""
        removed = asyncio.get_running_loop().create_future()
        self._waiting.append((receipt, removed))
        if self._work is None:
            self._work = asyncio.get_running_loop().create_task(self._remove_all())
        await asyncio.shield(removed)

    async def _remove_all(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                failed = await self._removed([receipt for receipt, _ in some])
            except Failure as failure:
                failed = dict.fromkeys(range(len(some)), failure)
            for number, (_, removed) in enumerate(some):
                _settle(removed, failed.get(number))
        self._work = None

    async def _removed(self, receipts: list[str]) -> dict[int, Failure]:
        with translated("the queue"):
            answer = await self._client.delete_message_batch(
                QueueUrl=self._url,
                Entries=[{"Id": str(number), "ReceiptHandle": receipt} for number, receipt in enumerate(receipts)],
            )
        if not answer.keys() & {"Successful", "Failed"}:
            raise Unavailable("the queue sent half an answer")
        failed = answer.get("Failed", ())
        return {int(one["Id"]): Unavailable(f"the queue kept what was handled: {one['Code']}") for one in failed}


def _tens(receipts: list[str]) -> Iterator[list[str]]:
    return (receipts[start : start + _AT_ONCE] for start in range(0, len(receipts), _AT_ONCE))


def _settle(removed: asyncio.Future[None], failure: Failure | None) -> None:
    if removed.done():
        return
    if failure is None:
        removed.set_result(None)
    else:
        removed.set_exception(failure)
