"""How long a function's code takes to load in a new process, beside the SDK alone, which nobody can do without.

What counts is all that is loaded until the role is ready: the handler's module opens its home as it does on Lambda, a
first process says which modules came by that, and others load just these, with the garbage collector off as
`runtime.lambdas` turns it. Processes of all kinds take turns: a busy machine is as busy for one as for the other. The
processor's time counts, user and system; the clock's stands beside it. Others who compute can only add to either, so
the least of all rounds is told.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import MISSING, dataclass, fields

from runtime.settings import ROLES, environment

ALONE = "aiobotocore"
BARS = {"turn": 40.0, "worker": 250.0}
"""The most milliseconds that a role's code may take beyond the SDK alone."""

_LOADED = """
import sys
known = set(sys.modules)
{begin}
print(*(name for name, one in list(sys.modules.items()) if name not in known and getattr(one, "__spec__", None)))
"""
_TIMED = """
import gc, importlib, sys, time
names = sys.stdin.read().split()
gc.disable()
worked, began = time.process_time(), time.perf_counter()
for name in names:
    importlib.import_module(name)
print(time.process_time() - worked, time.perf_counter() - began)
"""
_SDK = """
import asyncio
from aiobotocore.session import get_session
async def opened():
    async with get_session().create_client("dynamodb"):
        pass
asyncio.run(opened())
"""
_NOBODY = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "x"}
_TOLD = {"search_endpoint": "https://search.test", "model_id": "amazon.nova-micro-v1:0"}


@dataclass(frozen=True, slots=True)
class Found:
    """What the processes of one kind took: at least, in ms, of the processor (*over*: beyond the SDK) and the clock."""

    ms: float
    over: float
    wall: float
    modules: int


def main(arguments: list[str]) -> None:
    """Measure, and print a table or one JSON object; exit with 1 if a bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench imports", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="processes of each kind (default: 15)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    given = parser.parse_args(arguments)
    found = measure(given.rounds)
    print(json.dumps(report(found)) if given.json else table(found))
    if not all(found[role].over <= bar for role, bar in BARS.items()):
        sys.exit(1)


def measure(rounds: int) -> dict[str, Found]:
    """Return what the SDK and each role takes, by the least of *rounds* processes."""
    modules = {kind: loaded(kind) for kind in (ALONE, *BARS)}
    taken: dict[str, list[tuple[float, float]]] = {kind: [] for kind in modules}
    for _ in range(rounds):
        for kind, names in modules.items():
            taken[kind].append(_timed(names))
    least = {kind: tuple(map(min, zip(*times, strict=True))) for kind, times in taken.items()}
    sdk, _ = least[ALONE]
    return {kind: Found(ms, ms - sdk, wall, len(modules[kind])) for kind, (ms, wall) in least.items()}


def loaded(kind: str) -> list[str]:
    """Return the modules that a new process of *kind*, a role or the SDK alone, loads until it is ready."""
    begin = _SDK if kind == ALONE else f"import runtime.lambdas.{kind}"
    environ = {} if kind == ALONE else {**environment(kind, **_told(kind)), "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001"}
    return _python(_LOADED.format(begin=begin), environ).split()


def report(found: dict[str, Found]) -> dict[str, dict[str, float]]:
    """Return what was measured as plain values."""
    ours = {role: {"over_ms": round(found[role].over, 1), "bar_ms": bar} for role, bar in BARS.items()}
    return {
        kind: {"ms": round(one.ms, 1), "wall_ms": round(one.wall, 1), "modules": one.modules, **ours.get(kind, {})}
        for kind, one in found.items()
    }


def table(found: dict[str, Found]) -> str:
    """Return what was measured, for people."""
    lines = [f"{'':12}{'ms':>8}{'modules':>9}{'beyond the SDK':>16}{'at most':>9}{'by the clock':>14}"]
    for kind, one in found.items():
        beyond = f"{one.over:16.1f}{BARS[kind]:9.0f}" if kind in BARS else f"{'':25}"
        lines.append(f"{kind:12}{one.ms:8.1f}{one.modules:9}{beyond}{one.wall:14.1f}")
    return "\n".join(lines)


def _timed(names: list[str]) -> tuple[float, float]:
    """Return the ms, of the processor and by the clock, in which a new process loads *names*."""
    worked, lasted = map(float, _python(_TIMED, {}, " ".join(names)).split())
    return worked * 1e3, lasted * 1e3


def _told(role: str) -> dict[str, str]:
    """Return settings that *role* opens with, though nothing is there."""
    needed = {one.name for one in fields(ROLES[role]) if one.default is MISSING}
    known = {one.name for one in fields(ROLES[role])}
    return {**dict.fromkeys(needed, "x"), **{name: value for name, value in _TOLD.items() if name in known}}


def _python(code: str, environ: dict[str, str], told: str = "") -> str:
    """Return what a new process prints that runs *code*."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    surroundings = {**inherited, **_NOBODY, "AWS_SECRET_ACCESS_KEY": "x", **environ}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, input=told, env=surroundings, capture_output=True, text=True, check=True)  # noqa: S603 - ours.
    return ran.stdout
