"""Begins a process on a machine as AWS's is: it can import what was deployed, and what one folder has beside it.

There AWS's names lead to a port, and so does the address of ECS's agent; nobody else's name leads anywhere. An
authority is trusted, and the clock is ahead by what a file says. None of this is in the environment, which the process
reads; so the interpreter is started with `-I -S`, and with arguments: `Told` as JSON, the module to run, and its own.
"""

import json
import mmap
import os
import runpy
import signal
import socket
import ssl
import struct
import sys
import threading
import time
from typing import TypedDict

_AWS = ".amazonaws.com"
_AGENT = "169.254.170.2"


class Told(TypedDict):
    """How the machine is: two ports (0: there is no agent), two files, and a folder or none."""

    names: int
    agent: int
    authority: str
    clock: str
    client: str


def main(told: Told, module: str, *arguments: str) -> None:
    """Run *module*, which is found in the folder where this begins."""
    _lead(told["names"], told["agent"])
    _trust(told["authority"])
    _be_ahead(told["clock"])
    if told["agent"]:
        threading.Thread(target=_end_when_abandoned, daemon=True).start()
    sys.path[:0] = [os.getcwd()]  # noqa: PTH109 - what is not needed is not loaded.
    sys.path += [told["client"]] if told["client"] else []
    sys.argv = [module, *arguments]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


def _lead(port: int, agent: int) -> None:
    """Let names of AWS lead to *port* of the loopback, and the address of ECS's agent to *agent*."""
    ways = {_AGENT: agent} if agent else {}
    connect = socket.socket.connect

    def found(host: str | bytes, *_: object, **__: object) -> list[tuple[object, ...]]:
        name = host.decode() if isinstance(host, bytes) else str(host)
        if not name.endswith(_AWS) and name not in ways:
            raise socket.gaierror(socket.EAI_NONAME, f"{name} is nobody's name here")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", ("127.0.0.1", ways.get(name, port)))]

    def connected(self: socket.socket, address: tuple[str, int]) -> None:
        connect(self, ("127.0.0.1", ways[address[0]]) if address[0] in ways else address)

    socket.getaddrinfo = found  # type: ignore[assignment]
    socket.socket.connect = connected  # type: ignore[assignment, method-assign]


def _trust(authority: str) -> None:
    """Let every context that trusts anybody trust *authority* too."""
    load = ssl.SSLContext.load_verify_locations

    def trusting(self: ssl.SSLContext, *of: object, **by: object) -> None:
        load(self, *of, **by)  # type: ignore[arg-type]
        load(self, authority)

    def default(self: ssl.SSLContext, *_: object) -> None:
        load(self, authority)

    ssl.SSLContext.load_verify_locations = trusting  # type: ignore[method-assign]
    ssl.SSLContext.load_default_certs = default  # type: ignore[method-assign, assignment]


def _be_ahead(clock: str) -> None:
    """Let it be later than it is by the seconds that stand in the file *clock*."""
    with open(clock, "rb") as file:  # noqa: PTH123 - what is not needed is not loaded.
        seconds = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    really = time.time
    time.time = lambda: really() + struct.unpack("d", seconds[:])[0]


def _end_when_abandoned() -> None:
    """End at once when nobody holds the standard input any more: whoever started this was killed."""
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]), *sys.argv[2:])
