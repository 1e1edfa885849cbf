"""Invitations to speak: what is answered, and how often."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from runtime.adapters.local.accounts import SqliteAccounts
from runtime.adapters.local.database import Database
from runtime.admission.caller import Caller
from runtime.admission.listening import Listening, invited
from runtime.conversation import Account, Invitation
from runtime.errors import NotOffered, RateLimited
from runtime.identity import Identity
from runtime.protocol import client, server
from tests.virtual_time import LoopClock

ANA = Caller(Identity("ana", expires=9e12), "c1")
ENGLISH = client.Listen(rate=16000, language="en-US")
NOON = 1_795_000_000.0


class Inviting:
    """Invites to one address, for five minutes, whoever speaks English."""

    def __init__(self, url: str = "wss://here") -> None:
        self._url = url

    async def invite(self, user: str, language: str) -> Invitation:
        if language != "en-US":
            raise NotOffered(f"{language} is not understood here")
        return Invitation(self._url, 1_763_733_900.0)


@pytest.fixture
def action() -> Iterator[Listening]:
    """Open the action on rows that were empty."""
    with closing(Database(Path(":memory:"))) as database:
        yield Listening(SqliteAccounts(database), Inviting(), LoopClock())


async def test_an_invitation_says_where_and_until_when(action: Listening) -> None:
    frames = await action.listen(ANA, ENGLISH)

    assert [server.decode(frame) for frame in frames] == [
        server.Listen(url="wss://here", expires_at="2025-11-21T14:05:00.000Z")
    ]


async def test_a_place_on_the_server_that_was_asked_is_told_by_the_address_it_was_asked_by() -> None:
    with closing(Database(Path(":memory:"))) as database:
        action = Listening(SqliteAccounts(database), Inviting("/stream?a=1"), LoopClock())

        (frame,) = await action.listen(Caller(ANA.identity, "c1", "wss://home.example:8443"), ENGLISH)

    assert server.decode(frame) == server.Listen(
        url="wss://home.example:8443/stream?a=1", expires_at="2025-11-21T14:05:00.000Z"
    )


async def test_six_invitations_a_minute_are_allowed(action: Listening) -> None:
    for _ in range(6):
        await action.listen(ANA, ENGLISH)

    with pytest.raises(RateLimited, match="6 times a minute") as refused:
        await action.listen(ANA, ENGLISH)
    await asyncio.sleep((refused.value.retry_after_ms or 0) / 1e3)
    assert await action.listen(ANA, ENGLISH)


async def test_one_persons_invitations_are_not_anothers(action: Listening) -> None:
    for _ in range(6):
        await action.listen(ANA, ENGLISH)

    assert await action.listen(Caller(Identity("ben", expires=9e12), "c2"), ENGLISH)


def test_two_hundred_invitations_a_day_are_allowed() -> None:
    account, now = Account("ana"), NOON
    for _ in range(204):  # While they are asked for, a few come back.
        account, now = invited(account, now), now + 10.0

    with pytest.raises(RateLimited):
        invited(account, now)
    assert invited(account, now + 86_400.0).listens_today == 199.0


def test_nobody_who_is_being_erased_is_invited() -> None:
    with pytest.raises(NotOffered, match="erased"):
        invited(Account("ana", erasing=True), NOON)
