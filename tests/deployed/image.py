"""The worker's image, as its Dockerfile says it: with what a container begins, and in which environment.

Nobody builds it here. It has the tree and the locked libraries that the functions' package has, so that is run in its
place. The package has less of them (no services that nobody calls, no programs), so what runs there, runs in the image;
what the image has beside Python, and that Python, stay unproven.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

_DOCKERFILE = Path(__file__).parents[2] / "Dockerfile"
_OF_THE_PACKAGE = ("COPY runtime runtime", "RUN pip install .* --requirement requirements/function.txt")


@dataclass(frozen=True)
class Image:
    """How a container of it begins: *run* is the module of Python's and its arguments."""

    run: tuple[str, ...]
    environ: Mapping[str, str]


def read(path: Path = _DOCKERFILE) -> Image:
    """Return what the Dockerfile at *path* says; fail where the image would be another thing than the package."""
    lines = path.read_text().splitlines()
    for one in _OF_THE_PACKAGE:
        assert any(re.fullmatch(one, line) for line in lines), f"{path} has no line {one}"
    python, module, *run = json.loads(_said(lines, "ENTRYPOINT")[-1])
    assert (python, module) == ("python", "-m"), "nobody here begins with anything but a module of Python's"
    return Image(tuple(run), dict(one.split("=", 1) for one in _said(lines, "ENV")))


def _said(lines: list[str], instruction: str) -> list[str]:
    return [line.removeprefix(f"{instruction} ") for line in lines if line.startswith(f"{instruction} ")]
