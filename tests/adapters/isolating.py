"""Two users do the same things under the same ids, in any order, and each is answered as if they were alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from itertools import product
from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec import structs
from msgspec.structs import replace

from runtime.adapters.local.stores import Stores
from runtime.conversation import Entry, Exchange, Heard, Memory, Message, Said, State, Turn
from runtime.errors import BadFrame, Failure
from runtime.ports import Accounts, Erasures, Leases, Ledger, Recent, Signals, Traces
from runtime.recall import cue
from tests.adapters.memory_homes import Kept as Remembers

USERS = ("ada", "eve")
NOW = 1_790_000_000.0
type_of_steps = list[tuple[str, str, str]]
type_of_operation = Callable[[Any, str, str], Awaitable[object]]


@dataclass(frozen=True)
class Kept:
    """The stores of a home that has these."""

    accounts: Accounts
    ledger: Ledger
    leases: Leases
    signals: Signals
    erasures: Erasures
    recent: Recent
    traces: Mapping[str, Traces]


def words(user: str, id: str) -> str:
    return f"{user} likes number {id}"


def entry(user: str, id: str, attempt: int = 1) -> Entry:
    return Entry(Turn(user, id, words(user, id), NOW, NOW + 60, attempt), connection=user)


async def remember(stores: Stores, user: str, id: str) -> None:
    await stores.memories.remember(user, Said(id, "monday", "user", NOW + int(id), words(user, id), id))


async def write(stores: Stores, user: str, id: str) -> None:
    fact = Memory(f"fact-{id}", words(user, id), "fact", "user", NOW, source=id, subject=user, attribute="likes")
    await stores.memories.write(user, structs.replace(fact, value=id))


async def open_turn(stores: Stores, user: str, id: str) -> object:
    return await stores.ledger.open(entry(user, id))


async def renew(stores: Stores, user: str, id: str) -> object:
    return await stores.ledger.renew(entry(user, id, 2))


async def rewrite(stores: Stores, user: str, id: str) -> None:
    await stores.ledger.rewrite(entry(user, id).with_turn(text=""))


async def answer(stores: Stores, user: str, id: str) -> object:
    held = await stores.leases.claim(user, id, 1)
    if held is None or held.state is not State.RUNNING:
        return held
    await stores.leases.append(held, words(user, id).encode())
    return await stores.leases.finish(replace(held, state=State.FAILED, ended=NOW, frames=(user.encode(),)))


async def hold(stores: Stores, user: str, id: str) -> object:
    return await stores.leases.claim(user, id, 1)


async def watch(stores: Stores, user: str, id: str) -> object:
    held = await stores.ledger.read(user, id)
    if held is None or held.stop is None:
        return None
    return await anext(stores.signals.watch(held))


async def look(stores: Stores, user: str, _: str) -> object:
    """Look at all that there is, also with a cursor that another user was given."""
    seen: list[object] = []
    for query in ("", "likes"):
        cursors = [(await stores.memories.page(owner, query, 1, None)).cursor for owner in USERS]
        seen += [{one.text for one in (await stores.memories.page(user, query, 99, None)).items}]
        pages = [await stores.memories.page(user, query, 99, cursor) for cursor in cursors if cursor]
        assert all(user in one.text for page in pages for one in page.items)
    cursor = (await stores.recent.latest(USERS[0], 1)).cursor
    assert all(one.user == user for one in (await stores.recent.latest(user, 99, cursor)).items)
    found = await stores.memories.search(user, cue("Who likes number 1 and 2?", NOW), 10)
    seen += [sorted((one.memory.id, one.memory.text, tuple(one.scores.items())) for one in found)]
    seen += [
        await stores.memories.facts(user),
        await stores.memories.facts(user, "ada"),
        await stores.ledger.page(user, 99),
    ]
    return [*seen, await stores.recent.latest(user, 99), await stores.memories.vectors.speakers(user)]


async def embed(stores: Stores, user: str, _: str) -> object:
    lacking = sorted(await stores.memories.vectors.lacking(user, "model", 9), key=lambda memory: memory.id)
    await stores.memories.vectors.keep(user, "model", [(memory, (0.6, 0.8)) for memory in lacking[:1]])
    return lacking


async def erase(stores: Stores, user: str, _: str) -> object:
    counted = {name: await store.count(user) for name, store in stores.traces.items()}
    for store in stores.traces.values():
        await store.erase(user)
    return counted


async def begin(stores: Stores, user: str, id: str) -> object:
    begun = await stores.erasures.begin(user, int(id), user)
    await stores.erasures.note(user, {user: 1})
    return begun, await stores.erasures.read(user), await stores.accounts.read(user)


async def end(stores: Stores, user: str, _: str) -> object:
    erasure = await stores.erasures.read(user)
    return None if erasure is None else await stores.erasures.end(user, replace(erasure, ended=NOW))


async def count(stores: Stores, user: str, id: str) -> object:
    account = await stores.accounts.read(user)
    return account, await stores.accounts.write(replace(account, open={**account.open, id: NOW}))


OPERATIONS: dict[str, type_of_operation] = {
    "remember": remember,
    "write": write,
    "read": lambda stores, user, id: stores.memories.read(user, id),
    "forget": lambda stores, user, id: stores.memories.forget(user, id),
    "add": lambda stores, user, id: stores.recent.add(Exchange(user, id, NOW, words(user, id), user)),
    "read exchange": lambda stores, user, id: stores.recent.read(user, id),
    "drop": lambda stores, user, id: stores.recent.drop(user, id),
    "open": open_turn,
    "read turn": lambda stores, user, id: stores.ledger.read(user, id),
    "renew": renew,
    "rewrite": rewrite,
    "answer": answer,
    "hold": hold,
    "stop": lambda stores, user, id: stores.signals.stop(user, id, Heard(ms=len(user))),
    "attach": lambda stores, user, id: stores.signals.attach(user, id, user, 0),
    "watch": watch,
    "send": lambda stores, user, id: stores.turns.send(Message(user, id, user)),
    "look": look,
    "embed": embed,
    "erase": erase,
    "begin": begin,
    "end": end,
    "count": count,
}


async def look_in_the_cloud(stores: Kept, user: str, _: str) -> object:
    """Look at all that there is; a cursor that another user was given opens nothing."""
    for owner in USERS:
        recent, turns = await stores.recent.latest(owner, 1), await stores.ledger.page(owner, 1)
        for page, cursor in ((stores.recent.latest, recent.cursor), (stores.ledger.page, turns.cursor)):
            if owner != user and cursor:
                with pytest.raises(BadFrame):
                    await page(user, 99, cursor)
    return await stores.recent.latest(user, 99), await stores.ledger.page(user, 99)


OF_OTHER_STORES = {"remember", "write", "read", "forget", "send", "embed"}
IN_THE_CLOUD = {name: one for name, one in OPERATIONS.items() if name not in OF_OTHER_STORES}
IN_THE_CLOUD["look"] = look_in_the_cloud


@dataclass(frozen=True)
class Remembering:
    """The store of a home that remembers."""

    memories: Remembers
    traces: Mapping[str, Traces]


async def look_in_memory(stores: Remembering, user: str, _: str) -> object:
    """Look at all that is remembered; a cursor that another user was given opens nothing."""
    memories = stores.memories
    for owner, query in product(USERS, ("", "likes")):
        cursor = (await memories.page(owner, query, 1, None)).cursor
        if owner != user and cursor:
            with pytest.raises(BadFrame):
                await memories.page(user, query, 99, cursor)
    pages = [await memories.page(user, query, 99, None) for query in ("", "likes")]
    found = await memories.search(user, cue("Who likes number 1 and 2?", NOW), 10)
    facts = [await memories.facts(user, subject) for subject in ("", "ada")]
    return pages, list(found), facts, await memories.vectors.speakers(user)


OF_MEMORY = {name: OPERATIONS[name] for name in ("remember", "write", "read", "forget", "embed", "erase")}
OF_MEMORY["look"] = look_in_memory


def steps(operations: Mapping[str, type_of_operation], most: int) -> st.SearchStrategy[type_of_steps]:
    """Return any steps of both users, at *most* so many."""
    one = st.tuples(st.sampled_from(sorted(operations)), st.sampled_from(USERS), st.sampled_from(["1", "2", "3"]))
    return st.lists(one, min_size=5, max_size=most)


type_of_stores = Kept | Remembering | Stores


async def lived(
    stores: type_of_stores, operations: Mapping[str, type_of_operation], taken: type_of_steps
) -> list[tuple[str, object]]:
    """Take steps in a home of their own; return each answer with the user who got it."""
    answers = list[tuple[str, object]]()
    for name, user, id in [*taken, *(("look", user, "") for user in USERS)]:
        with suppress(Failure):
            answers.append((user, await operations[name](stores, user, id)))
    return answers


async def check(
    opens: Callable[[], AbstractContextManager[type_of_stores]],
    operations: Mapping[str, type_of_operation],
    taken: type_of_steps,
) -> None:
    """Hold what each user was answered against what they are answered alone."""
    with opens() as stores:
        together = await lived(stores, operations, taken)
    for user, other in (USERS, USERS[::-1]):
        with opens() as stores:
            alone = await lived(stores, operations, [step for step in taken if step[1] == user])
        mine = [answer for owner, answer in together if owner == user]
        assert mine == [answer for owner, answer in alone if owner == user]
        assert other not in repr(mine)
