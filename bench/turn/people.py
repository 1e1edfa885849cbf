"""Those who talk: each with a thousand remembered turns and the last twenty exchanges, in the product's own stores."""

from __future__ import annotations

import random
from uuid import UUID

from runtime.adapters.local.stores import Stores
from runtime.conversation import Exchange, Said
from runtime.recall import recall

COUNT = 100
TURNS = 1_000
RECENT = 20
_A_DAY = 20  # Turns a day; each day is a session.
_WHO = ("I", "Marta", "Jonas", "Aunt Ida", "the neighbour", "my boss", "Lena", "Grandpa", "my sister", "Tom")
_DID = ("bought", "lost", "painted", "repaired", "found", "sold", "carried", "borrowed", "hid", "planned", "missed")
_HOW = ("blue", "old", "heavy", "tiny", "wooden", "broken", "striped", "rusty", "yellow", "cheap", "enormous")
_WHAT = (
    *("kayak", "piano", "bicycle", "lantern", "ladder", "camera", "suitcase", "violin", "blanket", "compass", "kettle"),
    *("bookshelf", "tent", "mirror", "umbrella", "clock", "guitar", "sled", "telescope", "carpet", "puzzle", "scarf"),
    *("wheelbarrow", "drum", "teapot", "globe", "helmet", "hammock", "basket", "chess set"),
)
_WHERE = (
    *("at the lake", "in Lisbon", "behind the station", "at work", "in the garden", "near the harbour", "at school"),
    *("on the train", "at the market", "in the attic", "at the wedding", "on the island", "in Oslo", "by the river"),
)
_THEN = (
    "and it rained all day",
    "and we laughed about it for weeks",
    "because nobody else wanted to",
    "before the holidays",
    "and then the car would not start",
    "which was cheaper than I thought",
    "and I want to do it again",
    "while the children were asleep",
)


def name(number: int) -> str:
    """Return the id of person *number*."""
    return f"person-{number}"


def turn_id(number: int) -> str:
    """Return the id of turn *number*."""
    return str(UUID(int=number))


def question(dice: random.Random) -> str:
    """Ask about something that may have been said."""
    who, what, where = (dice.choice(words) for words in (_WHO, _WHAT, _WHERE))
    return f"Do you still know what I told you about the {what} that {who} had {where}?"


async def settle(stores: Stores, count: int, turns: int, now: float) -> None:
    """Give *count* people *turns* remembered turns each, up to *now*, and warm their memory as twenty questions do."""
    dice = random.Random(7)
    for number in range(count):
        with stores.database.transaction():
            await _live(stores, name(number), turns, now, dice)
    for number in range(count * RECENT):
        await recall(stores.memories, name(number % count), question(dice), now)
        await stores.recent.latest(name(number % count), RECENT)


async def _live(stores: Stores, user: str, turns: int, now: float, dice: random.Random) -> None:
    for turn in range(turns):
        age = turns - turn
        said = Said(f"{user}-{turn}", str(turn // _A_DAY), "user", now - age * 4_000.0, _story(dice))
        await stores.memories.remember(user, said)
        if age <= RECENT:
            await stores.recent.add(Exchange(user, turn_id(turn), said.at, said.text, _story(dice)))


def _story(dice: random.Random) -> str:
    who, did, how, what, where = (dice.choice(words) for words in (_WHO, _DID, _HOW, _WHAT, _WHERE))
    return f"{who} {did} the {how} {what} {where} {dice.choice(_THEN)}."
