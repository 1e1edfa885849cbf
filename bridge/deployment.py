"""What a stack has deployed, as `pulumi stack export` says it: each resource with what it was told and what it became.

Secrets are opened only on demand, and where they were is kept; assets stay what they are until they become files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from bridge.document import Json, Number, parse
from bridge.refused import Refused
from bridge.stack import SECRET, SIGNATURE, UNKNOWN, decrypted

ASSET, ARCHIVE = "c44067f5952c0a294b673a41bacd8c17", "0def7320c3a5731c473e5ecbe6d01bc7"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Resource:
    """One custom resource; *secrets* are the paths of what is secret in its inputs and outputs."""

    urn: str
    token: str
    id: str
    inputs: dict[str, Json]
    outputs: dict[str, Json]
    parent: str = ""
    provider: str = ""
    dependencies: tuple[str, ...] = ()
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()
    protected: bool = False
    retained: bool = False
    secrets: frozenset[Path] = frozenset()

    @property
    def name(self) -> str:
        """Return what the program calls it."""
        return self.urn.rpartition("::")[2]


def read(data: bytes, *, show_secrets: bool) -> list[Resource]:
    """Read every custom resource of the export, in its order; raise `Refused` for secrets that may not be shown."""
    match parse(data, "the export"):
        case {"version": Number(text="3" | "4"), "deployment": {"resources": list(resources)}}:
            return [found for one in resources if (found := _resource(one, show_secrets=show_secrets))]
    raise Refused.because(
        got="an export with no deployment of version 3 or 4",
        why="the resources of one stack are written",
        instead="what `pulumi stack export` prints is wanted",
    )


def _resource(told: Json, *, show_secrets: bool) -> Resource | None:
    match told:
        case {"custom": True, "urn": str(urn), "type": str(token), **more} if more.get("delete") is not True:
            secrets: set[Path] = set()
            reading = _Reading(urn, secrets, show_secrets=show_secrets)
            return Resource(
                urn=urn,
                token=token,
                id=str(more.get("id") or ""),
                inputs=reading.properties(more.get("inputs")),
                outputs=reading.properties(more.get("outputs")),
                parent=str(more.get("parent") or ""),
                provider=str(more.get("provider") or ""),
                dependencies=_texts(more.get("dependencies")),
                property_dependencies=_named_texts(more.get("propertyDependencies")),
                ignored=_texts(more.get("ignoreChanges")),
                protected=more.get("protect") is True,
                retained=more.get("retainOnDelete") is True,
                secrets=frozenset(secrets),
            )
    return None


@dataclass(frozen=True)
class _Reading:
    urn: str
    secrets: set[Path]
    show_secrets: bool

    def properties(self, told: object) -> dict[str, Json]:
        opened = self._opened(cast("Json", told), ())
        return opened if isinstance(opened, dict) else {}

    def _opened(self, value: Json, path: Path) -> Json:
        match value:
            case dict() if value.get(SIGNATURE) == SECRET:
                self.secrets.add(path)
                name = f"{self.urn.rpartition('::')[2]}.{'.'.join(path)}"
                return self._opened(decrypted(name, value, show_secrets=self.show_secrets), path)
            case dict() if value.get(SIGNATURE) in {ASSET, ARCHIVE}:
                return value
            case dict():
                return {key: self._opened(item, (*path, key)) for key, item in value.items()}
            case list():
                return [self._opened(item, (*path, str(number))) for number, item in enumerate(value)]
            case str() if value == UNKNOWN:
                return None
            case _:
                return value


def _texts(told: object) -> tuple[str, ...]:
    return tuple(str(one) for one in told) if isinstance(told, list) else ()


def _named_texts(told: object) -> dict[str, tuple[str, ...]]:
    return {key: _texts(item) for key, item in told.items()} if isinstance(told, dict) else {}
