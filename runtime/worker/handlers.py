"""What a hand does with a message: answer a turn, or see to what was delivered as often as it may be."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from runtime.conversation import Delivery
from runtime.errors import Transient, place
from runtime.jobs import TurnJob, read
from runtime.ports import Ids
from runtime.worker.finishing import Finishing
from runtime.worker.turns import Answering

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Turns:
    """The handler of the turn queue."""

    answering: Answering
    ids: Ids

    async def handle(self, delivery: Delivery) -> None:
        """Answer a turn; what nobody foresaw ends it as an error whose id is in the log."""
        job = read(delivery.message)
        if not isinstance(job, TurnJob):
            return
        try:
            await self.answering.answer(job, delivery.receives)
        except Transient:
            raise
        except Exception as error:  # noqa: BLE001 - the user gets an end, whatever happened.
            await self.answering.finishing.give_up(job, self._trouble(error))

    def _trouble(self, error: Exception) -> str:
        trouble = self.ids.new()
        _log.error("turn.broken", extra={"trouble": trouble, "failure": place(error)})
        return f"something went wrong here (trouble {trouble}): say it again"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The handler of the dead letters of both queues."""

    finishing: Finishing

    async def handle(self, delivery: Delivery) -> None:
        """End a turn that was delivered as often as it may be; of another job, say in the log what it was, and whose.

        Nobody waits for a background job, and the log is where somebody looks.
        """
        job = read(delivery.message)
        if isinstance(job, TurnJob):
            _log.error("turn.dead", extra={"turn": job.turn, "attempt": job.attempt})
            message = "this turn could not be answered, though it was tried several times: say it again"
            await self.finishing.give_up(job, message)
        else:
            _log.error("background.dead", extra={"job": type(job).__name__, "group": delivery.message.group})
