"""How long a search of the long-term memory takes, beside the least that numpy needs for the same vectors.

`python -m bench memory [--json]`: 10,000 memories of one person, then 10 memories of each of 1,000, by the store's own
write path, searched by words and meaning together, as a turn does it, but for the embedding of the question. Brute
force is one product with a matrix of 32-bit floats and a partial sort: no words, no neighbours, no rows, nobody else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.conversation import Memory, Said
from runtime.ports import Cue, Vector
from runtime.recall import CANDIDATES, cue, pack, rank

_NOW: Final = 1_750_000_000.0
_DIMENSION: Final = 384
_TURNS: Final = 30


@dataclass(frozen=True)
class Extent:
    """How many *users* have how many memories *each*, and how many *questions* are asked."""

    users: int
    each: int
    questions: int


class _Noon:
    """A clock that stands."""

    def now(self) -> float:
        return _NOW


class _Dice:
    """Texts and vectors by chance, the same each time, in 300 bunches of meaning.

    A text's words are those that tell something, fifteen of twenty thousand, the commonest in a twentieth of all texts.
    """

    def __init__(self, seed: int) -> None:
        self._random, self._numbers = random.Random(seed), np.random.default_rng(seed)
        self._bunches = self._numbers.standard_normal((300, _DIMENSION), np.float32)

    def text(self, count: int) -> str:
        return " ".join(f"w{int(50 * 400 ** self._random.random())}" for _ in range(count))

    def vectors(self, count: int) -> NDArray[Any]:
        bunches = self._bunches[self._numbers.integers(0, len(self._bunches), count)]
        vectors = bunches + self._numbers.standard_normal((count, _DIMENSION), np.float32)
        unit: NDArray[Any] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit

    def user(self, users: int) -> int:
        return self._random.randrange(users)


def main(arguments: list[str]) -> None:
    """Measure and print a table, or one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bench memory", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object")
    chosen = parser.parse_args(arguments)
    extents = (Extent(1, 10_000, 1_000), Extent(1_000, 10, 3_000))
    found = {f"{extent.users:,} x {extent.each:,}": asyncio.run(measure(extent)) for extent in extents}
    if chosen.json:
        print(json.dumps(found))
        return
    names = list(next(iter(found.values())))
    print(f"{'users x memories':20}" + "".join(f"{name:>20}" for name in names))
    for extent, numbers in found.items():
        print(f"{extent:20}" + "".join(f"{numbers[name]:20}" for name in names))


async def measure(extent: Extent) -> dict[str, float]:
    """Fill a store as *extent* says and time the questions; *nearest_10_found* is a share, the rest milliseconds."""
    dice = _Dice(extent.users)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(Path(folder) / "memories.db")
        memories = SqliteMemories(database, _Noon())
        matrices = [await _fill(memories, str(user), extent.each, dice) for user in range(extent.users)]
        for user in range(extent.users):
            await memories.search(str(user), _asked(dice)[0], CANDIDATES)
        measured = [await _question(memories, matrices, dice) for _ in range(extent.questions)]
        database.close()
    search, ranked, brute, share = zip(*measured, strict=True)
    return {
        "search_ms_p50": _part(search, 50),
        "search_ms_p95": _part(search, 95),
        "ranked_ms_p50": _part(ranked, 50),
        "brute_force_ms_p50": _part(brute, 50),
        "brute_force_ms_p95": _part(brute, 95),
        "nearest_10_found": round(sum(share) / len(share), 4),
    }


async def _fill(memories: SqliteMemories, user: str, count: int, dice: _Dice) -> NDArray[Any]:
    for number in range(count):
        at = _NOW - 60.0 * (count - number)
        speaker = "companion" if number % 2 else "user"
        await memories.remember(user, Said(str(number), str(number // _TURNS), speaker, at, dice.text(15)))
    matrix = dice.vectors(count)
    kept = [await memories.read(user, str(number)) for number in range(count)]
    pairs: list[tuple[Memory, Sequence[float]]] = [(one, row) for one, row in zip(kept, matrix, strict=True) if one]
    await memories.vectors.keep(user, "bench", pairs)
    return matrix


def _asked(dice: _Dice) -> tuple[Cue, NDArray[Any]]:
    vector = dice.vectors(1)[0]
    return replace(cue(dice.text(6), _NOW), vector=Vector("bench", vector.tolist())), vector


async def _question(
    memories: SqliteMemories, matrices: Sequence[NDArray[Any]], dice: _Dice
) -> tuple[float, float, float, float]:
    user = dice.user(len(matrices))
    asked, vector = _asked(dice)
    started = time.perf_counter()
    found = await memories.search(str(user), asked, CANDIDATES)
    searched = time.perf_counter()
    pack(rank(found, asked, limit=20))
    ranked = time.perf_counter()
    nearest = _nearest(matrices[user], vector)
    ended = time.perf_counter()
    near = {one.memory.id for one in found}.intersection(str(place) for place in nearest[-10:])
    return (searched - started) * 1e3, (ranked - started) * 1e3, (ended - ranked) * 1e3, len(near) / 10


def _nearest(matrix: NDArray[Any], vector: NDArray[Any]) -> list[int]:
    scores = matrix @ vector
    best = np.argpartition(scores, -min(CANDIDATES, len(scores)))[-CANDIDATES:]
    return [int(place) for place in best[np.argsort(scores[best])]]


def _part(values: Sequence[float], part: int) -> float:
    """Return the value below which *part* percent of *values* lie."""
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, len(ordered) * part // 100)], 3)
