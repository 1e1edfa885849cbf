"""The machine that a deployed process is on: where names lead, whom it trusts, and a clock that tests put forward."""

from __future__ import annotations

import json
import struct
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.deployed.names import Names

_LAUNCHER = Path(__file__).with_name("launcher.py")


class Clock:
    """By how many seconds all processes of a stack are ahead of the time: eight bytes of *file*, read at each look."""

    def __init__(self, file: Path) -> None:
        self.file = file
        file.write_bytes(struct.pack("d", 0.0))

    def forward(self, seconds: float) -> None:
        """Let it be *seconds* later than it is."""
        with self.file.open("r+b") as file:
            file.write(struct.pack("d", seconds))


@dataclass(frozen=True)
class Machine:
    """Where AWS's *names* lead, and the *clock*."""

    names: Names
    clock: Clock

    def command(self, *run: str, client: Path | None = None, agent: int = 0) -> tuple[str, ...]:
        """Return how *run*, a module and its arguments, is begun here; beside what was deployed it has *client*.

        *agent* is the port where ECS's agent is: what has one ends when nobody holds its standard input.
        """
        told = {
            "names": self.names.port,
            "agent": agent,
            "authority": str(self.names.authority),
            "clock": str(self.clock.file),
            "client": str(client or ""),
        }
        return (sys.executable, "-I", "-S", str(_LAUNCHER), json.dumps(told), *run)
