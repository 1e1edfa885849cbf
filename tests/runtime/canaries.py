"""Words planted wherever something of a user can be, and an erasure that is cut off at any step."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from msgspec import structs
from msgspec.structs import replace

from runtime import policy
from runtime.adapters.local.clock import RandomIds
from runtime.adapters.local.queue import SqliteQueue
from runtime.adapters.local.scripted import ScriptedModel, ScriptedModerator
from runtime.adapters.local.stores import Stores, open_stores
from runtime.bootstrap import laptop
from runtime.conversation import Account, Entry, Erasure, Exchange, Memory, Message, Said, Turn
from runtime.erasure import Requests
from runtime.ports import Erasures, Medium, Traces
from runtime.settings.laptop import Settings
from runtime.turn.parts import Parts
from tests.runtime.home import Inbox
from tests.virtual_time import LoopClock

PLACES = (
    *("recent-text", "recent-reply", "said", "session", "speaker", "fact", "subject", "value", "also"),
    *("ledger-text", "frame", "connection", "waiting", "in-flight", "dead", "behind", "dead-behind", "deduplicated"),
    *("account", "later"),
)


SEED = 7  # One by which the file holds such a copy.


class Killed(Exception):
    """The process is gone."""


async def plant(stores: Stores, user: str, word: str) -> None:
    """Put `word-place` in every place; of some the file holds more than one copy, of some only the log does."""
    now, clock = LoopClock().now(), LoopClock()

    def at(place: str) -> str:
        return f"{word}-{place}"

    await stores.recent.add(Exchange(user, "one", now, at("recent-text"), at("recent-reply")))
    await stores.memories.remember(user, Said("a", at("session"), at("speaker"), now, at("said"), "one"))
    fact = Memory("b", at("fact"), "fact", "user", now, source="one", subject=at("subject"), attribute="likes")
    await stores.memories.write(user, structs.replace(fact, value=at("value"), also=((at("also"), now),)))
    turn = Turn(user, "one", at("ledger-text"), now, now + 60)
    await stores.ledger.open(Entry(turn, connection=at("connection"), frames=(at("frame").encode(),)))
    await stores.database.checkpoint()
    behind = SqliteQueue(stores.database, clock, "dead-background")
    for queue, place in (
        *((stores.turns, "in-flight"), (stores.turns, "waiting"), (stores.dead, "dead")),
        *((stores.background, "behind"), (behind, "dead-behind")),
    ):
        await queue.send(Message(user, at(place), at(place)))
    await stores.turns.send(Message(user, at("deduplicated"), ""))
    await stores.accounts.write(Account(user, open={at("account"): now, "one": now}))
    await stores.memories.remember(user, Said("c", "s", "user", now, f"{at('later')} " * 300, "two"))


async def shuffle(stores: Stores, words: Mapping[str, str]) -> None:
    """Change things of each user (*words* by user) so often that pages are split and joined, and keep old copies."""
    dice = Random(SEED)
    for _ in range(150):
        user, turn = dice.choice(list(words)), str(dice.randint(0, 300))
        text = f"{words[user]}-free {'.' * dice.randint(0, 900)}"
        await stores.recent.add(Exchange(user, turn, LoopClock().now(), text, ""))
        if dice.random() < 0.1:
            await stores.recent.drop(user, str(dice.randint(0, 300)))


def opened(data: Path) -> Stores:
    """Open the stores in *data* as a process does that takes over."""
    stores = open_stores(Settings(data=data), LoopClock())
    stores.recover()
    return stores


def requests(stores: Stores) -> Requests:
    """Return the door to erasure on *stores*."""
    parts = Parts(ScriptedModel([]), ScriptedModerator(), None, stores.memories, stores.recent, policy.load())
    return laptop.companion(stores, parts, Inbox(), clock=LoopClock(), ids=RandomIds()).rights.erasing


@dataclass
class Fuse:
    """Counts steps; at the last one the folder is copied as it is, as a crash leaves it, and nothing follows."""

    left: int
    data: Path
    copy: Path

    def step(self) -> None:
        """Burn on."""
        self.left -= 1
        if not self.left:
            shutil.copytree(self.data, self.copy)
            raise Killed

    def on(self, asked: Requests) -> Requests:
        """Return *asked* with the fuse at each step."""
        series = asked.series
        stores = {name: FusedTraces(store, self) for name, store in series.stores.items()}
        fused = replace(series, stores=stores, medium=FusedMedium(series.medium, self))
        return replace(asked, series=replace(fused, erasures=FusedErasures(series.erasures, self)))


@dataclass
class FusedTraces:
    """A store with a fuse."""

    store: Traces
    fuse: Fuse

    async def count(self, user: str) -> int:
        """Count."""
        self.fuse.step()
        return await self.store.count(user)

    async def erase(self, user: str) -> None:
        """Erase."""
        self.fuse.step()
        await self.store.erase(user)
        self.fuse.step()


@dataclass
class FusedMedium:
    """A medium with a fuse."""

    medium: Medium
    fuse: Fuse

    async def scrub(self) -> None:
        """Scrub."""
        self.fuse.step()
        await self.medium.scrub()
        self.fuse.step()


@dataclass
class FusedErasures:
    """A list of erasures with a fuse."""

    erasures: Erasures
    fuse: Fuse

    async def begin(self, user: str, epoch: int, connection: str) -> Erasure:
        """Begin."""
        begun = await self.erasures.begin(user, epoch, connection)
        self.fuse.step()
        return begun

    async def read(self, user: str) -> Erasure | None:
        """Read."""
        return await self.erasures.read(user)

    async def note(self, user: str, manifest: Mapping[str, int]) -> None:
        """Note."""
        await self.erasures.note(user, manifest)
        self.fuse.step()

    async def end(self, user: str, erasure: Erasure) -> tuple[str, ...]:
        """End."""
        told = await self.erasures.end(user, erasure)
        self.fuse.step()
        return told

    async def running(self) -> Sequence[str]:
        """Return who is being erased."""
        return await self.erasures.running()


def holding(data: Path, word: str) -> list[str]:
    """Return the files under *data* that hold *word*, however it is written."""
    return [path.name for path in data.rglob("*") if path.is_file() and word.encode() in path.read_bytes().lower()]
