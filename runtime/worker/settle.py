"""What follows a turn's end, each step harmless twice: memory first, then the user's row, then the job to remember.

The end itself is already stored. A worker that dies anywhere here leaves a message that is delivered again, and the
next one does what is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

from msgspec.structs import replace

from runtime.accounts import amend
from runtime.conversation import Account, Entry, Exchange, State
from runtime.jobs import RememberJob
from runtime.ports import Accounts, Queue, Recent
from runtime.speech import heard_chars
from runtime.turn.ending import released


@dataclass(frozen=True, slots=True)
class Settlement:
    """Where the traces of an ended turn go."""

    recent: Recent
    accounts: Accounts
    background: Queue

    async def settle(self, entry: Entry) -> None:
        """Remember an ended turn if it may be, and count it as ended."""
        turn = entry.turn
        exchange = exchange_of(entry)
        if exchange is not None:
            await self.recent.add(exchange)
        account = await amend(self.accounts, turn.user, lambda account: (_without(account, entry), account))
        if exchange is not None:
            job = RememberJob(turn.user, turn.id, turn.admitted, len(exchange.reply), account.erasure)
            await self.background.send(job.message())


def exchange_of(entry: Entry) -> Exchange | None:
    """Return what of an ended turn is to be remembered: nothing of a private, refused or forgotten one.

    A stop that came too late to end the answer still says how much of it was heard.
    """
    if entry.state is not State.DONE or entry.heard is None or not entry.turn.text:
        return None
    reply = "".join(released(entry.frames))[: entry.heard]
    if entry.stop is not None:
        reply = reply[: heard_chars(entry.stop, entry.timeline, len(reply))]
    return Exchange(entry.turn.user, entry.turn.id, entry.turn.admitted, entry.turn.text, reply)


def _without(account: Account, entry: Entry) -> Account:
    """Take the turn from the open ones; notices that did not get out with it are due again with the next."""
    if entry.turn.id not in account.open:
        return account
    left = {turn: at for turn, at in account.open.items() if turn != entry.turn.id}
    if entry.turn.due and entry.state is not State.DONE:
        return replace(account, open=left, used_at=0.0)
    return replace(account, open=left)
