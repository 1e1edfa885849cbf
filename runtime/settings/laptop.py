"""What a laptop is told: everything has a default, so that nothing need be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from runtime.settings.reading import is_address, need, read

_PORTS, _HANDS, _MICROPHONES = 65_535, 1_000, 64
_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_MODEL_SERVER = "http://127.0.0.1:11434/v1"


@dataclass(frozen=True, slots=True)
class Settings:
    """A laptop's settings; each field is an environment variable of the same name in capitals.

    *openai_base_url* and *model* connect a language model. *embeddings_model* is one that finds memories by meaning, at
    *embeddings_base_url* or with the language model; without it the one of `make model` does, if it is there.
    *voice* is the engine that speaks, and its voice if need be: `flite`, `flite:rms`, `espeak-ng:en-gb`, or `off`;
    without it the first one that is installed does.
    *hands*: turns answered at once; *durable*: each commit survives a power cut, not only the process; *allowed_hosts*:
    names besides loopback by which the page may be asked; *log_level*: at INFO each turn's timings are logged.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data: Path = Path(".companion")
    allowed_hosts: tuple[str, ...] = ()
    openai_base_url: str = ""
    openai_api_key: str = field(default="", repr=False)
    model: str = ""
    embeddings_base_url: str = ""
    embeddings_api_key: str = field(default="", repr=False)
    embeddings_model: str = ""
    voice: str = ""
    hands: int = 100
    microphones: int = 4
    durable: bool = False
    log_level: str = "WARNING"

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        need(0 <= self.port <= _PORTS, "PORT", self.port, "a port is 0 to 65535", "PORT=8080")
        need(1 <= self.hands <= _HANDS, "HANDS", self.hands, "1 to 1000 turns at once are sensible", "HANDS=100")
        why, instead = "each is heard by a process of 120 MB", "MICROPHONES=4"
        need(1 <= self.microphones <= _MICROPHONES, "MICROPHONES", self.microphones, why, instead)
        for host in self.allowed_hosts:
            need(_is_name(host), "ALLOWED_HOSTS", host, "a name has no scheme, port or path", "ALLOWED_HOSTS=my.host")
        levels = f"it is one of {', '.join(_LEVELS)}"
        need(self.log_level in _LEVELS, "LOG_LEVEL", self.log_level, levels, "LOG_LEVEL=INFO")
        self._check_model()
        self._check_embeddings()

    def _check_model(self) -> None:
        address, model = self.openai_base_url, self.model
        if address:
            why, instead = "it must be an http or https address", f"OPENAI_BASE_URL={_MODEL_SERVER}"
            need(is_address(address), "OPENAI_BASE_URL", _shown(address), why, instead)
            need(bool(model), "MODEL", "", "a server may have many models", "MODEL=llama3.2")
        why, instead = "a model needs a server", f"OPENAI_BASE_URL={_MODEL_SERVER} as well"
        need(bool(address) or not model, "MODEL", model, why, instead)

    def _check_embeddings(self) -> None:
        own, model = self.embeddings_base_url, self.embeddings_model
        if own:
            why, instead = "it must be an http or https address", f"EMBEDDINGS_BASE_URL={_MODEL_SERVER}"
            need(is_address(own), "EMBEDDINGS_BASE_URL", _shown(own), why, instead)
            why, instead = "a server may have many models", "EMBEDDINGS_MODEL=all-minilm"
            need(bool(model), "EMBEDDINGS_MODEL", "", why, instead)
        why, instead = "a model needs a server", f"EMBEDDINGS_BASE_URL={_MODEL_SERVER} as well"
        need(bool(own or self.openai_base_url) or not model, "EMBEDDINGS_MODEL", model, why, instead)

    @classmethod
    def read(cls, environ: Mapping[str, str]) -> Settings:
        """Return the settings that *environ* holds; raise `Misconfigured` for a value that cannot work."""
        return read(cls, environ)


def _is_name(host: str) -> bool:
    """Say whether *host* is what a Host header may say before the port."""
    try:
        return urlsplit(f"//{host}").netloc == host and urlsplit(f"//{host}").port is None and "@" not in host
    except ValueError:
        return False


def _shown(address: str) -> str:
    """Return *address* without what may be a password in it."""
    return address.rpartition("@")[2]
