"""A user's row changed: read, and written only over what was read, again where somebody was quicker."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runtime.conversation import Account
from runtime.errors import Contended
from runtime.ports import Accounts

T = TypeVar("T")

_TRIES = 8


async def amend(accounts: Accounts, user: str, change: Callable[[Account], tuple[Account, T]]) -> T:
    """Store the row that *change* makes of the user's, and return what it tells of it; the same row is not written.

    *change* is asked anew at each try, and what it raises ends them; raises `Contended` where others were quicker
    each time.
    """
    for _ in range(_TRIES):
        account = await accounts.read(user)
        amended, told = change(account)
        if amended == account or await accounts.write(amended):
            return told
    raise Contended("your account is being changed in many places at once")
