"""The environment, read once: what a process of this runtime is told, as frozen, validated values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_type_hints
from urllib.parse import urlsplit

from runtime.errors import Misconfigured

_PORTS, _HANDS = 65_535, 1_000
_SWITCH = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


@dataclass(frozen=True, slots=True)
class Settings:
    """A laptop's settings; each field is an environment variable of the same name in capitals.

    *openai_base_url* and *model* connect a language model; *hands*: turns answered at once; *durable*: each commit
    survives a power cut, not only the process; *allowed_hosts*: names besides loopback by which the page may be asked.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path(".companion")
    allowed_hosts: tuple[str, ...] = ()
    openai_base_url: str = ""
    openai_api_key: str = ""
    model: str = ""
    hands: int = 100
    durable: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        _need(0 <= self.port <= _PORTS, "PORT", self.port, "a port is 0 to 65535", "PORT=8080")
        _need(1 <= self.hands <= _HANDS, "HANDS", self.hands, "1 to 1000 turns at once are sensible", "HANDS=100")
        if self.openai_base_url:
            address = urlsplit(self.openai_base_url)
            known = address.scheme in {"http", "https"} and bool(address.hostname)
            example = "OPENAI_BASE_URL=http://127.0.0.1:11434/v1"
            _need(known, "OPENAI_BASE_URL", self.openai_base_url, "it must be an http or https address", example)
            _need(bool(self.model), "MODEL", "nothing", "a server may have many models", "MODEL=llama3.2")
        elif self.model:
            why = "a model needs a server"
            _need(False, "MODEL", self.model, why, "OPENAI_BASE_URL=http://127.0.0.1:11434/v1 as well")  # noqa: FBT003

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Return the settings that *environ* holds; raise `Misconfigured` for a value that cannot work."""
        kinds = get_type_hints(cls)
        given: dict[str, Any] = {
            field.name: _value(field.name.upper(), environ[field.name.upper()], kinds[field.name])
            for field in fields(cls)
            if environ.get(field.name.upper())
        }
        return cls(**given)


def _value(name: str, text: str, kind: object) -> object:
    if kind is int:
        _need(text.isascii() and text.isdigit(), name, text, "it must be a whole number", f"{name}=100")
        return int(text)
    if kind is bool:
        _need(text.lower() in _SWITCH, name, text, "it is a switch", f"{name}=1 or {name}=0")
        return _SWITCH[text.lower()]
    if kind is Path:
        return Path(text)
    if kind is str:
        return text
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _need(good: bool, name: str, got: object, why: str, instead: str) -> None:  # noqa: FBT001
    if not good:
        raise Misconfigured(f"got: {name}={got}; why not: {why}; instead: {instead}")
