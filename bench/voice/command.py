"""`python -m bench voice [--turns N] [--json]`: from the end of speech to the first sample of the answer.

The services' latencies are drawn from what is published (`published`), the turn ends when the page's own code says so
(`page.mjs`, in node), and the answer is made by the product's pipeline, in virtual time: what is waited for is exact,
and passes at once. What the pipeline adds of its own is measured beside it on the real clock, at a tenth of the waits.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Coroutine
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from random import Random
from selectors import SelectSelector
from typing import Any, TypeVar

from bench.turn import companion, people
from bench.turn.script import WITHOUT_WAITING
from bench.voice import published, report, speech, talk
from runtime.adapters.local.clock import SystemClock
from runtime.adapters.local.stores import open_stores
from runtime.settings.laptop import Settings
from runtime.turn.parts import Parts
from tests import virtual_time

T = TypeVar("T")

JITTER_MS = 40.0
"""What the page keeps of audio before it plays it."""

_SCALE = 0.1
_NO_NODE = "got: no node; why not: the page's own turn-taking is run; instead: pip install playwright, which brings one"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured: turns in virtual time, and on the real clock."""

    turns: int = 1_000
    real: int = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn's stages, in ms: each begins where the one before it ends."""

    ended: float
    token: float
    chunk: float
    voice: float

    @property
    def total(self) -> float:
        """Return the milliseconds from the end of speech to the first sample played."""
        return self.ended + self.token + self.chunk + self.voice + JITTER_MS


def main(arguments: list[str]) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m bench voice", description=__doc__)
    parser.add_argument("--turns", type=int, default=Extent().turns, help="turns of each kind (default: 1000)")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    given = parser.parse_args(arguments)
    found = measure(Extent(turns=given.turns))
    print(json.dumps(found) if given.json else report.table(found))


def measure(extent: Extent) -> dict[str, Any]:
    """Return what was measured, in the form of the JSON object."""
    with tempfile.TemporaryDirectory() as folder:
        stores = open_stores(Settings(data=Path(folder)), SystemClock())
        try:
            virtual_time.run(people.settle(stores, 1, people.RECENT, time.time()))
            parts = companion.parts(stores, WITHOUT_WAITING)
            early = {kind: _early(parts, kind, extent.turns) for kind in speech.KINDS}
            late = virtual_time.run(_late(parts, extent.turns))
            over = _on_the_clock(_over(parts, extent.real))
        finally:
            stores.database.close()
    return report.summary(early, late, over)


def _early(parts: Parts, kind: str, count: int) -> list[Turn]:
    dice = Random(kind)
    said = [dice.choice(speech.KINDS[kind]) for _ in range(count)]
    finals = published.FINAL.drawn(count, dice)
    sent = _sent([speech.results(words, final, dice) for words, final in zip(said, finals, strict=True)])
    return virtual_time.run(_talk(parts, sent, _waits(count, dice)))


async def _late(parts: Parts, count: int) -> list[Turn]:
    dice = Random("late")
    waits = [replace(one, sentence=True) for one in _waits(count, dice)]
    return await _talk(parts, published.FINAL.drawn(count, dice), waits)


def _waits(count: int, dice: Random) -> list[talk.Waits]:
    drawn = zip(published.FIRST_TOKEN.drawn(count, dice), published.FIRST_BYTE.drawn(count, dice), strict=True)
    return [talk.Waits(first, voice, dice.choice(speech.REPLIES)) for first, voice in drawn]


async def _talk(parts: Parts, sent: list[float], waits: list[talk.Waits]) -> list[Turn]:
    dice, turns = Random(1), []
    for ended, one in zip(sent, waits, strict=True):
        ear = await talk.heard(parts, one, people.question(dice), dice)
        turns.append(Turn(ended, one.first, ear.text - one.first, ear.audio - ear.text))
    return turns


async def _over(parts: Parts, count: int) -> list[report.Late]:
    """Measure on the real clock, turn after turn, by how many ms the first audio comes later than it could."""
    dice, over = Random(2), []
    for one in _waits(count, dice):
        ear = await talk.heard(parts, one, people.question(dice), dice, _SCALE)
        alone = await talk.waited(one, _SCALE)
        over.append(report.Late(ear.audio - one.least * _SCALE, alone - one.least * _SCALE, ear.work))
    return over


def _on_the_clock(work: Coroutine[Any, Any, T]) -> T:
    """Run *work* on a selector whose timers are good to a microsecond: epoll's round up to whole milliseconds."""
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(SelectSelector())) as runner:
        return runner.run(work)


def _sent(cases: list[list[dict[str, Any]]]) -> list[float]:
    """Ask the page when it sends each turn, in ms from the end of speech."""
    command = [_node(), "--no-warnings", str(Path(__file__).with_name("page.mjs"))]
    ran = subprocess.run(command, input=json.dumps(cases), capture_output=True, text=True, check=True)  # noqa: S603 - ours.
    return [float(ms) for ms in json.loads(ran.stdout)]


def _node() -> str:
    """Return node: the one that Playwright brings, or the machine's own."""
    spec = find_spec("playwright")
    brought = Path(spec.origin).parent / "driver" / "node" if spec and spec.origin else None
    found = str(brought) if brought and brought.exists() else shutil.which("node")
    if found is None:
        sys.exit(_NO_NODE)
    return found
