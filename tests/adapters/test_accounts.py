"""What every store of accounts keeps."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from runtime.conversation import Account
from tests.adapters.homes import Home

FULL = Account(
    "ada",
    open={"a": 1_790_000_000.25, "b": 1_790_000_001.5},
    tokens=3.75,
    refilled=1_790_000_001.123456,
    used_at=5.0,
    used_since_notice=6.5,
    used_since_break=7.5,
    erasing=True,
    erasure=4,
)


async def test_a_user_who_was_never_seen_has_a_fresh_account(home: Home) -> None:
    assert await home.accounts.read("ada") == Account("ada")


async def test_an_account_is_read_as_it_was_written_one_version_on(home: Home) -> None:
    written = await home.accounts.write(FULL)

    assert written
    assert await home.accounts.read("ada") == replace(FULL, version=1)


async def test_each_write_over_the_version_that_was_read_counts_it_on(home: Home) -> None:
    for tokens in (3.0, 2.0, 1.0):
        account = await home.accounts.read("ada")
        assert await home.accounts.write(replace(account, tokens=tokens))

    assert await home.accounts.read("ada") == Account("ada", version=3, tokens=1.0)


@pytest.mark.parametrize("version", [0, 1, 3])
async def test_a_write_over_another_version_changes_nothing(home: Home, version: int) -> None:
    for seen in (0, 1):
        await home.accounts.write(Account("ada", version=seen))

    assert not await home.accounts.write(Account("ada", version=version, tokens=0.0))
    assert await home.accounts.read("ada") == Account("ada", version=2)


async def test_a_write_over_an_account_that_is_not_there_changes_nothing(home: Home) -> None:
    assert not await home.accounts.write(Account("ada", version=1))
    assert await home.accounts.read("ada") == Account("ada")


async def test_users_whose_ids_differ_in_case_only_are_two(home: Home) -> None:
    await home.accounts.write(Account("ada", tokens=1.0))
    await home.accounts.write(Account("Ada", tokens=2.0))

    assert (await home.accounts.read("ada")).tokens == 1.0
    assert (await home.accounts.read("Ada")).tokens == 2.0


async def test_all_accounts_can_be_gone_through(home: Home) -> None:
    for user in ("bob", "ada", "eve"):
        await home.accounts.write(Account(user))

    first = await home.accounts.page(2)
    rest = await home.accounts.page(2, first[-1].user)

    assert sorted(account.user for account in (*first, *rest)) == ["ada", "bob", "eve"]
    assert not await home.accounts.page(2, rest[-1].user)
