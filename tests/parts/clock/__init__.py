"""ElasticMQ in the time of a test: its clock is a file, so that minutes pass when the test says so.

ElasticMQ asks its `NowProvider`, which is replaced by ours, and in two classes `System` and `OffsetDateTime`, whose
names there are replaced as well. What it does by timers of its own (long polls, forgetting deduplication ids once a
second) still happens in real time.
"""

from __future__ import annotations

import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from mmap import mmap
from pathlib import Path

from tests.parts import elasticmq, java, maven
from tests.parts.elasticmq import ElasticMq
from tests.parts.missing import Missing
from tests.parts.process import Served

_SOURCES = Path(__file__).parent
_CLOCK = b"org/elasticmq/util/Instants"
_MESSAGE = "org/elasticmq/actor/queue/InternalMessage$.class"
_ASKED = (
    ("elasticmq-core", _MESSAGE, b"java/lang/System"),
    ("elasticmq-core", _MESSAGE, b"java/time/OffsetDateTime"),
    ("elasticmq-rest-sqs", "org/elasticmq/rest/sqs/QueueAttributesOps.class", b"java/lang/System"),
)


class Clock:
    """The eight bytes of *file* that hold the instant: written here, read by the process at each look."""

    def __init__(self, file: Path) -> None:
        with file.open("r+b") as opened:
            self._millis = mmap(opened.fileno(), 8)

    def set(self, seconds: float) -> None:
        """Let it be *seconds* since 1970."""
        self._millis[:] = round(seconds * 1e3).to_bytes(8, "big")


@dataclass(frozen=True)
class TimedElasticMq(ElasticMq):
    """A queue server whose time is the one that a test writes into *file*."""

    file: Path = Path("clock")


def start(folder: Path) -> Served:
    """Start a queue server with its log, its clock and some of its classes in *folder*; raise `Missing`."""
    classes, file = folder / "classes", folder / "clock"
    file.write_bytes(bytes(8))
    _compile(classes)
    _replace(maven.fetch("elasticmq"), classes)
    return elasticmq.start(folder, in_front=[classes], options=[f"-Dclock={file}"])


def _compile(classes: Path) -> None:
    compiler = java.home() / "bin" / "javac"
    if not compiler.exists():
        raise Missing(
            "a Java without its compiler: install all of it (Debian: apt-get install openjdk-17-jdk-headless)"
        )
    sources = [str(source) for source in _SOURCES.glob("*.java")]
    subprocess.run([compiler, "-d", classes, *sources], check=True)


def _replace(jars: Sequence[Path], classes: Path) -> None:
    for name, path, asked in _ASKED:
        target = classes / path
        code = target.read_bytes() if target.exists() else _compiled(jars, name, path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(code.replace(_constant(asked), _constant(_CLOCK)))


def _compiled(jars: Sequence[Path], name: str, path: str) -> bytes:
    (jar,) = (jar for jar in jars if jar.name.startswith(f"{name}_"))
    with zipfile.ZipFile(jar) as archive:
        return archive.read(path)


def _constant(name: bytes) -> bytes:
    """Return *name* as it stands among the constants of a class file: its tag, its length, its bytes."""
    return b"\x01" + len(name).to_bytes(2, "big") + name
