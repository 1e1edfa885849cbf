"""A plug-in of Pulumi's engine: it prints its port, serves, and ends with the engine, even a killed one."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import grpc

from tests.engine.plugin import OPTIONS

_AT_ONCE = 64
_LOOKS_EVERY_S = 1


def serve(add: Callable[[grpc.Server], None], end: Callable[[], None] = lambda: None) -> None:
    """Serve what *add* adds for as long as the process that started this one lives, then call *end*."""
    engine = os.getppid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    server = grpc.server(ThreadPoolExecutor(_AT_ONCE), options=OPTIONS)
    add(server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    while os.getppid() == engine and not signal.sigtimedwait({signal.SIGINT, signal.SIGTERM}, _LOOKS_EVERY_S):
        pass
    end()
    sys.stdout.flush()
    os._exit(0)
