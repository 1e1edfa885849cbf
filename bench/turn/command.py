"""`python -m bench turn [--json]`: what the product adds to the time that nobody can save, and what it costs.

Both sides answer the same script (`script`) in one process, in turns, three times; of the three rounds the median
counts. They run on a selector whose timers are good to a microsecond: epoll's round up to whole milliseconds. Beyond
the pipeline, a real server with a real client (`visits`) shows what socket, admission, queue and worker add. Where the
time of a recall goes (`cold`) is told on the way.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from selectors import SelectSelector
from statistics import median
from typing import Any

from bench.turn import cold, load, people, report, visits
from bench.turn.companion import Companion, parts
from bench.turn.load import type_of_answer, type_of_send
from bench.turn.plain import Plain
from bench.turn.script import WITHOUT_WAITING, Model, Pace, Synthesiser
from runtime.adapters.local.clock import SystemClock
from runtime.adapters.local.stores import Stores, open_stores
from runtime.settings.laptop import Settings


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: people and what each remembers, rounds, (sessions, turns of each), turns for CPU."""

    crowd: int = people.COUNT
    remembered: int = people.TURNS
    rounds: int = 3
    loads: tuple[tuple[int, int], ...] = ((1, 10), (100, 1), (300, 1))
    cpu_turns: int = 300
    visitors: int = 10
    visits: int = 4
    sessions: int = 240
    idle: cold.Idle = field(default_factory=cold.Idle)
    pace: Pace = field(default_factory=Pace)


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench turn", description=__doc__)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    chosen = parser.parse_args(arguments)
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(SelectSelector())) as runner:
        found = runner.run(measure(Extent()))
    print(json.dumps(found) if chosen.json else report.table(found))


@dataclass(frozen=True, slots=True)
class Side:
    """What one side took: milliseconds by the number of sessions, and CPU."""

    overhead_ms_p50: dict[str, float]
    overhead_ms_p95: dict[str, float]
    cpu_ms_per_turn: float


async def measure(extent: Extent) -> dict[str, Any]:
    """Return what was measured, in the form of the JSON object."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        stores = open_stores(settings, SystemClock())
        try:
            _say(f"giving {extent.crowd} people {extent.remembered} remembered turns each")
            await people.settle(stores, extent.crowd, extent.remembered, time.time())
            await stores.database.checkpoint()
            gc.collect()
            gc.freeze()
            sides = await _rounds(stores, extent)
            _say(report.split(await cold.split(stores, extent.crowd, extent.idle)))
        finally:
            stores.database.close()
        visited = await _visited(settings.data, extent)
    return {"companion": asdict(sides["companion"]) | visited, "plain": asdict(sides["plain"])}


async def _rounds(stores: Stores, extent: Extent) -> dict[str, Side]:
    rounds: dict[str, list[Side]] = {"plain": [], "companion": []}
    for number in range(extent.rounds):
        _say(f"round {number + 1} of {extent.rounds}")
        waiting, busy = _sides(stores, extent), _sides(stores, replace(extent, pace=WITHOUT_WAITING))
        late: dict[str, dict[str, list[float]]] = {side: {} for side in rounds}
        for sessions, turns in extent.loads:
            for side, answer in waiting.items():
                found = await load.overheads(answer, extent.pace, sessions=sessions, turns=turns)
                late[side][str(sessions)] = found
        for side, answer in busy.items():
            half, most = ({key: load.part(found, of) for key, found in late[side].items()} for of in (50, 95))
            rounds[side].append(Side(half, most, await load.cpu_ms(answer, extent.cpu_turns)))
    return {side: _median(found) for side, found in rounds.items()}


def _sides(stores: Stores, extent: Extent) -> dict[str, type_of_answer]:
    """Return the plain side and ours, both on one script."""
    ours, model, synthesiser = parts(stores, extent.pace), Model(extent.pace), Synthesiser(extent.pace)

    async def plain(_: int, send: type_of_send, turn: str, asked: str) -> None:
        await Plain(model, synthesiser, send).answer(turn, asked)

    async def companion(who: int, send: type_of_send, turn: str, asked: str) -> None:
        await Companion(people.name(who % extent.crowd), ours, send).answer(turn, asked)

    return {"plain": plain, "companion": companion}


def _median(rounds: list[Side]) -> Side:
    return Side(
        {key: _middle([one.overhead_ms_p50[key] for one in rounds]) for key in rounds[0].overhead_ms_p50},
        {key: _middle([one.overhead_ms_p95[key] for one in rounds]) for key in rounds[0].overhead_ms_p95},
        _middle([one.cpu_ms_per_turn for one in rounds]),
    )


def _middle(values: list[float]) -> float:
    return round(median(values), 3)


async def _visited(data: Path, extent: Extent) -> dict[str, float]:
    late = []
    async with visits.serving(data, extent.crowd, extent.pace) as server:
        await visits.overheads(server, extent.pace, sessions=extent.visitors, turns=1)  # Its memory is cold.
        for number in range(extent.rounds):
            _say(f"through the socket, round {number + 1} of {extent.rounds}")
            found = await visits.overheads(server, extent.pace, sessions=extent.visitors, turns=extent.visits)
            late.append(load.part(found, 50))
        _say(f"opening {extent.sessions} sessions")
        kb = await visits.kb_per_session(server, extent.pace, sessions=extent.sessions)
    return {"kb_per_session": round(kb, 1), "socket_overhead_ms_p50": _middle(late)}


def _say(progress: str) -> None:
    print(f"· {progress}", file=sys.stderr, flush=True)
