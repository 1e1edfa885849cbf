"""What is called while something is measured, in a process of its own: so its time is not in what is measured."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.queues import Queue
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")


@contextmanager
def beside(serve: Callable[[Path, Queue[T]], None]) -> Iterator[T]:
    """Run *serve* with a folder until the block ends; yield what it tells by its queue once it can be called."""
    told: Queue[T] = multiprocessing.Queue()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.Process(target=serve, args=(Path(folder), told), daemon=True)
        process.start()
        try:
            yield told.get()
        finally:
            process.terminate()
            process.join()
