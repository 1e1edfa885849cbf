"""What the function `turn` takes of its own to let a turn in: for a process's first event, and for those that follow.

`python -m bench admission [--processes N] [--events N]` prints one JSON object: medians of the processor's time, of the
SDK and the runtime together, and of the clock's without that in which a call was out; and how many calls there were.
The tables and the queue are moto's, the connections the wire fake's, in other processes and behind TLS, as at AWS.
The processor's time decides: what the clock says counts whoever else computes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from itertools import count
from multiprocessing.queues import Queue
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

from certifi import where

from bench.beside import beside
from runtime.adapters.aws import tables
from runtime.settings import environment
from tests.adapters.dynamodb import definition
from tests.lambdas import tls
from tests.parts import moto
from tests.parts.endpoint import Endpoint
from tests.parts.events import event
from tests.parts.given import client
from tests.parts.wire import Connections, serving

BAR = 100.0
"""The most milliseconds of its own that the function may take."""

_numbers = count(1)
type_of_taken = dict[str, float]


def main(arguments: list[str]) -> None:
    """Measure and print; exit with 1 if the bar is missed."""
    parser = argparse.ArgumentParser(prog="python -m bench admission", description=__doc__)
    parser.add_argument("--processes", type=int, default=5, help="processes, each with a first event (default: 5)")
    parser.add_argument("--events", type=int, default=40, help="events of each process (default: 40)")
    given = parser.parse_args(arguments)
    with served() as environ:
        found = measure(environ, given.processes, given.events)
    print(json.dumps(found, indent=1))
    if not all(one["cpu_ms"] <= BAR for one in found.values()):
        sys.exit(1)


def measure(environ: dict[str, str], processes: int, events: int) -> dict[str, type_of_taken]:
    """Return what the first event of a process takes, and what the others do."""
    taken = [_asked(environ, events) for _ in range(processes)]
    return {
        "first": _medians([first for first, *_ in taken]),
        "later": _medians([one for _, *later in taken for one in later]),
    }


def served() -> AbstractContextManager[dict[str, str]]:
    """Serve what the function calls in a process of its own; lend the environment of its process."""
    return beside(_serve)


def _serve(folder: Path, environs: Queue[dict[str, str]]) -> None:
    async def forever() -> None:
        api = Connections()
        api.open(event("message")["requestContext"]["connectionId"])
        started = moto.start(folder)
        started.answers("/moto-api/")
        upstreams = {"dynamodb": started.url, "sqs": started.url}
        async with serving(api, upstreams=upstreams) as wire, tls.front(wire.endpoint.url, folder) as front:
            told = environment("turn", **await _made(Endpoint(started.url)))
            reached = {"AWS_ENDPOINT_URL": f"https://{front.domain}", "AWS_CA_BUNDLE": _trusted(front.certificate)}
            environs.put({**told, **wire.endpoint.environ, **reached})
            await asyncio.Event().wait()

    asyncio.run(forever())


async def _made(endpoint: Endpoint) -> dict[str, str]:
    """Make the tables and the queue; return what the function is told of them."""
    shapes = {"turns": tables.TURNS, "connections": tables.CONNECTIONS, "erased": tables.ERASED}
    made = {name: definition(shape) for name, shape in shapes.items()}
    async with client("dynamodb", endpoint) as dynamodb, client("sqs", endpoint) as sqs:
        for table in made.values():
            await dynamodb.create_table(**table)
        queue = await sqs.create_queue(QueueName="turns.fifo", Attributes={"FifoQueue": "true"})
    return {
        "turn_queue_url": queue["QueueUrl"],
        **{f"{name}_table": table["TableName"] for name, table in made.items()},
    }


def _trusted(certificate: Path) -> str:
    """Return the file of *certificate* with all that are trusted at AWS: reading them takes its time."""
    with certificate.open("a") as file:
        file.write(Path(where()).read_text())
    return str(certificate)


def _asked(environ: dict[str, str], events: int) -> list[type_of_taken]:
    """Return what each of *events* took in a new process."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    surroundings = {**inherited, **environ, "AWS_LAMBDA_RUNTIME_API": "127.0.0.1:9001", "LOG_LEVEL": "WARNING"}
    domain = environ["AWS_ENDPOINT_URL"].removeprefix("https://")
    said = "".join(f"{json.dumps(_said(domain))}\n" for _ in range(events))
    command = [sys.executable, "-m", "bench.admitting"]
    ran = subprocess.run(command, input=said, env=surroundings, capture_output=True, text=True, check=True)  # noqa: S603 - ours.
    return [json.loads(line) for line in ran.stdout.splitlines()]


def _said(domain: str) -> dict[str, Any]:
    """Return the event of something that a user says who said nothing before."""
    number = next(_numbers)
    body = json.dumps({"action": "send", "turn": str(UUID(int=number, version=4)), "text": "How was your day?"})
    who = {"principalId": f"user-{number}", "user": f"user-{number}", "expires": "9e12", "minor": "", "signed_in": ""}
    return event("message", body=body, requestContext={"routeKey": "send", "domainName": domain, "authorizer": who})


def _medians(taken: list[type_of_taken]) -> type_of_taken:
    return {
        "cpu_ms": round(median(one["cpu"] for one in taken), 1),
        "own_ms": round(median(one["own"] for one in taken), 1),
        "calls": median(one["calls"] for one in taken),
        "bar_ms": BAR,
    }
