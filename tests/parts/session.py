"""The parts of one test session: each started once, the first moment it is known to be needed, and ended with it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.parts import clock, elasticmq, moto, opensearch
from tests.parts.process import Served

_PREFIX = "companion-parts-"


@dataclass(frozen=True)
class Part:
    """How a part is started with a folder to write in, and the path at which it answers once it is ready."""

    start: Callable[[Path], Served]
    answers_at: str


PARTS: Mapping[str, Part] = {
    "moto": Part(moto.start, "/moto-api/"),
    "elasticmq": Part(elasticmq.start, "/?Action=ListQueues"),
    "timed_elasticmq": Part(clock.start, "/?Action=ListQueues"),
    "opensearch": Part(opensearch.start, "/_cluster/health?wait_for_status=yellow&timeout=1s"),
}


class Session:
    """What was started; a part that has to be fetched and to boot does so while other tests run."""

    def __init__(self) -> None:
        _clear_up_after_the_killed()
        self._folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
        self._threads = ThreadPoolExecutor(len(PARTS), thread_name_prefix="parts")
        self._started: dict[str, Future[Served]] = {}

    def start(self, name: str) -> None:
        """Begin to start the part *name*, once."""
        if name not in self._started:
            folder = self._folder / name
            folder.mkdir()
            self._started[name] = self._threads.submit(PARTS[name].start, folder)

    def ready(self, name: str) -> Served:
        """Return the part *name* when it answers; raise `Missing` if it can't be had."""
        self.start(name)
        served = self._started[name].result()
        served.answers(PARTS[name].answers_at)
        return served

    def end(self) -> None:
        """End whatever was started, and leave nothing of it."""
        self._threads.shutdown()
        for started in self._started.values():
            if started.exception() is None:
                started.result().end()
        shutil.rmtree(self._folder, ignore_errors=True)


def _clear_up_after_the_killed() -> None:
    """Remove what sessions left that were killed: a search node's copy is 70 MB."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*"):
        try:
            os.kill(int(folder.name.split("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
        except (PermissionError, ValueError):
            continue
