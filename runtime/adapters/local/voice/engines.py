"""Which speech engine there is on this machine: flite where it is found, espeak-ng where only that is.

Neither is a dependency: flite is a system's package, espeak-ng's licence (GPL) is for whoever installs it to choose.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ctypes.util import find_library
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import Misconfigured

HOW = "`sudo apt-get install flite` (Debian, Ubuntu) or `.venv/bin/pip install espeakng-loader` gives me one"
_NAME = re.compile(r"[a-z][a-z0-9_+-]*")
_FOLDER = Path(__file__).parents[4]


@dataclass(frozen=True, slots=True)
class Engine:
    """An engine that is there: its *name*, its *voice*, and what its process is told besides."""

    name: str
    voice: str
    arguments: tuple[str, ...]

    @property
    def command(self) -> tuple[str, ...]:
        """Return what runs it, behind Python."""
        return ("-P", "-S", "-m", "runtime.adapters.local.voice.engine", self.name, *self.arguments)

    @property
    def folder(self) -> Path:
        """Return the folder that its process finds our code in."""
        return _FOLDER


def chosen(wanted: str) -> Engine | None:
    """Return the engine that *wanted* names, as `engine` or `engine:voice`; empty: the first that is there, if any.

    `off` is none. Raises `Misconfigured` for an engine or a voice that is not there.
    """
    if wanted == "off":
        return None
    if not wanted:
        return next(filter(None, (found("") for found in _FOUND.values())), None)
    name, _, voice = wanted.partition(":")
    engine = _FOUND[name](voice) if name in _FOUND and (not voice or _NAME.fullmatch(voice)) else None
    if engine is None:
        why = "no such engine, or no such voice of it, is installed"
        raise Misconfigured(f"got: VOICE={wanted}; why not: {why}; instead: VOICE=flite:slt, where {HOW}")
    return engine


def _flite(voice: str) -> Engine | None:
    name = voice or "slt"
    for family in ("cmu_us", "cmu_time") if voice else ("cmu_us",):  # To look in vain may ask a compiler.
        if library := find_library(f"flite_{family}_{name}"):
            return Engine("flite", name, (library, f"{family}_{name}"))
    return None


def _espeak(voice: str) -> Engine | None:
    name = voice or "en-us"
    spec = find_spec("espeakng_loader")
    if spec is not None and spec.origin is not None:
        folder = Path(spec.origin).parent
        libraries = [path for path in sorted(folder.glob("*espeak-ng.*")) if path.suffix in {".so", ".dylib", ".dll"}]
        return (
            Engine("espeak-ng", name, (str(libraries[0]), name, str(folder / "espeak-ng-data"))) if libraries else None
        )
    library = find_library("espeak-ng")
    return Engine("espeak-ng", name, (library, name)) if library else None


_FOUND: dict[str, Callable[[str], Engine | None]] = {"flite": _flite, "espeak-ng": _espeak}
