"""Any interleaving of claims, writes, ends and new attempts: only the newest lease writes, and frames never change."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule
from msgspec.structs import replace

from runtime.conversation import Entry, State
from runtime.errors import LeaseLost
from tests.adapters import given
from tests.adapters.given import TURN
from tests.adapters.walking import Opens, Walker, walk

ENDS = st.sampled_from([State.DONE, State.SHED, State.FAILED])
users = st.sampled_from(["ada", "bob"])
choices = st.integers(0, 1000)


@dataclass
class Row:
    """What must stand in the ledger."""

    attempt: int = 1
    state: State = State.QUEUED
    epoch: int = 0
    frames: tuple[bytes, ...] = ()


class LeaseMachine(Walker):
    """Two users' turns of one id, and all who ever held one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = {"ada": Row(), "bob": Row()}
        self.holders: list[Entry] = []
        self.written = 0
        for user in self.rows:
            self.run(given.queued(self.home, user))

    @rule(user=users, attempt=st.integers(1, 3))
    def claim(self, user: str, attempt: int) -> None:
        row = self.rows[user]
        held = self.run(self.home.leases.claim(user, TURN, attempt))
        if attempt != row.attempt:
            assert held is None
        elif row.state in {State.QUEUED, State.RUNNING}:
            assert held
            assert held.epoch > row.epoch
            row.epoch, row.state = held.epoch, State.RUNNING
            self.holders.append(held)

    @precondition(lambda self: self.holders)
    @rule(choice=choices)
    def append(self, choice: int) -> None:
        held, row = self.holder(choice)
        self.written += 1
        frame = f"frame {self.written}".encode()
        if self.lost(held):
            with pytest.raises(LeaseLost):
                self.run(self.home.leases.append(held, frame))
        else:
            self.run(self.home.leases.append(held, frame))
            row.frames += (frame,)

    @precondition(lambda self: self.holders)
    @rule(choice=choices, state=ENDS)
    def finish(self, choice: int, state: State) -> None:
        held, row = self.holder(choice)
        ended = replace(held, state=state, frames=(*row.frames, b"end"), ended=1.0)
        if self.lost(held):
            with pytest.raises(LeaseLost):
                self.run(self.home.leases.finish(ended))
        else:
            self.run(self.home.leases.finish(ended))
            row.state, row.frames = state, ended.frames

    @precondition(lambda self: self.holders)
    @rule(choice=choices)
    def release(self, choice: int) -> None:
        held, row = self.holder(choice)
        self.run(self.home.leases.release(held))
        if not self.lost(held):
            row.state = State.QUEUED

    @rule(user=users, attempt=st.integers(1, 3))
    def renew(self, user: str, attempt: int) -> None:
        row = self.rows[user]
        entry = self.run(self.fresh(user, attempt))
        renewed = self.run(self.home.ledger.renew(entry))
        assert renewed == (row.state in {State.SHED, State.FAILED} and attempt > row.attempt)
        if renewed:
            row.attempt, row.state, row.frames = attempt, State.QUEUED, ()

    @invariant()
    def the_rows_stand_as_they_must(self) -> None:
        for user, row in self.rows.items():
            stored = self.run(given.stored(self.home, user))
            assert Row(stored.turn.attempt, stored.state, stored.epoch, stored.frames) == row

    def holder(self, choice: int) -> tuple[Entry, Row]:
        held = self.holders[choice % len(self.holders)]
        return held, self.rows[held.turn.user]

    def lost(self, held: Entry) -> bool:
        row = self.rows[held.turn.user]
        return held.epoch != row.epoch or row.state is not State.RUNNING

    async def fresh(self, user: str, attempt: int) -> Entry:
        return given.entry(self.home, user, attempt=attempt)


def test_only_the_newest_lease_writes_and_what_is_written_stands(opens: Opens, examples: int) -> None:
    walk(LeaseMachine, opens, examples=examples)
