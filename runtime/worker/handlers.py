"""What a hand does with a message: answer a turn, or see to what was delivered as often as it may be."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from runtime.conversation import Delivery
from runtime.errors import Transient, place
from runtime.jobs import TurnJob, read
from runtime.ports import Ids
from runtime.worker.turns import Answering

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Handlers:
    """The handlers of the turn queue and of its dead letters."""

    answering: Answering
    ids: Ids

    async def turn(self, delivery: Delivery) -> None:
        """Answer a turn; what nobody foresaw ends it as an error whose id is in the log."""
        job = read(delivery.message)
        if not isinstance(job, TurnJob):
            return
        try:
            await self.answering.answer(job, delivery.receives)
        except Transient:
            raise
        except Exception as error:  # noqa: BLE001 - the user gets an end, whatever happened.
            await self.answering.give_up(job, self._trouble(error))

    async def dead(self, delivery: Delivery) -> None:
        """End a turn that was delivered as often as it may be."""
        job = read(delivery.message)
        if isinstance(job, TurnJob):
            _log.error("turn.dead", extra={"turn": job.turn, "attempt": job.attempt})
            message = "this turn could not be answered, though it was tried several times: say it again"
            await self.answering.give_up(job, message)

    async def lost(self, delivery: Delivery) -> None:
        """Say in the log that a background job came to nothing as often as it may: what it was, and whose."""
        job = read(delivery.message)
        _log.error("background.dead", extra={"job": type(job).__name__, "group": delivery.message.group})

    def _trouble(self, error: Exception) -> str:
        trouble = self.ids.new()
        _log.error("turn.broken", extra={"trouble": trouble, "failure": place(error)})
        return f"something went wrong here (trouble {trouble}): say it again"
