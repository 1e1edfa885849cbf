"""Files of Maven Central, each pinned by its SHA-256, fetched once into `.parts` beside the sources and kept there.

The lists in `jars/` are sha256sum's, of paths in the repository. A newer version's is made by resolving its POM:

    mvn dependency:copy-dependencies -DincludeScope=runtime -Dmdep.useRepositoryLayout=true -DoutputDirectory=jars
    cd jars && find * -name '*.jar' | LC_ALL=C sort | xargs sha256sum
"""

from __future__ import annotations

import hashlib
import os
import urllib.request
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.parts.missing import Missing

_CENTRAL = "https://repo.maven.apache.org/maven2/"
_LISTS = Path(__file__).parent / "jars"
_CACHE = Path(__file__).parents[2] / ".parts" / "maven"
_AT_ONCE = 8
_TIMEOUT_S = 60


def fetch(listed: str) -> Sequence[Path]:
    """Return the files that the list *listed* names, fetched where they are not there yet; raise `Missing`."""
    lines = (_LISTS / f"{listed}.sha256").read_text().splitlines()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(_fetched, lines))


def _fetched(line: str) -> Path:
    digest, path = line.split()
    there = _CACHE / path
    if not there.exists():
        _keep(there, _checked(_downloaded(path), digest, path))
    return there


def _downloaded(path: str) -> bytes:
    try:
        with urllib.request.urlopen(_CENTRAL + path, timeout=_TIMEOUT_S) as answer:
            return bytes(answer.read())
    except OSError as error:
        raise Missing(f"{path} is not in {_CACHE} and could not be fetched from {_CENTRAL}: {error}") from error


def _checked(content: bytes, digest: str, path: str) -> bytes:
    got = hashlib.sha256(content).hexdigest()
    assert got == digest, f"{path}: got {got}, but {digest} is pinned: don't run what came"
    return content


def _keep(there: Path, content: bytes) -> None:
    """Put *content* at its place in one step, so that what is there is whole, whoever else fetches it."""
    there.parent.mkdir(parents=True, exist_ok=True)
    coming = there.with_name(f"{there.name}.{os.getpid()}")
    coming.write_bytes(content)
    coming.replace(there)
