"""What a stack has deployed, as it was exported: each resource with what it was told and what it became.

Secrets are opened only on demand, and where they were is kept; assets stay what they are until they become files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from bridge.document import Json
from bridge.refused import Refused
from bridge.stack import ARCHIVE, ASSET, OUTPUT, SECRET, SIGNATURE, UNKNOWN, Stack, decrypted

Path = tuple[str, ...]

_UNSETTLED: Mapping[str, str] = {
    "delete": "Pulumi replaced it and still has to delete it: pulumi up",
    "pendingReplacement": "Pulumi deleted it and still has to make it again: pulumi up",
    "external": "Pulumi only reads it, and somebody else has it: say it as a data source",
}
_UNSAID: Mapping[str, str] = {
    "retainOnDelete": "Pulumi would keep it when it is removed; Terraform would delete it",
    "deletedWith": "Pulumi lets it go with another resource; Terraform deletes it by itself",
    "customTimeouts": "its timeouts are not carried over: say them in its block `timeouts`",
    "taint": "Pulumi would replace it at its next update; Terraform does not: terraform taint",
    "initErrors": "Pulumi had errors when it made it; it may be incomplete",
}


@dataclass(frozen=True)
class Resource:
    """One custom resource; *secrets* are the paths of what is secret in its inputs or its outputs.

    *unfit* says why it is nothing to hand over, if so; *notes* are what of it Terraform has no word for.
    """

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
    secrets: frozenset[Path] = frozenset()
    unfit: str = ""
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Return what the program calls it."""
        return self.urn.rpartition("::")[2]


def read(exported: Stack, *, show_secrets: bool) -> list[Resource]:
    """Read every custom resource of the stack, in its order; raise `Refused` for secrets that may not be shown."""
    _need_an_end(exported.pending)
    sealed: list[Refused] = []
    found = list(_resources(exported.resources, sealed, show_secrets=show_secrets))
    if sealed:
        raise Refused.together({str(one): one for one in sealed}.values())
    return found


def _need_an_end(pending: Json) -> None:
    if pending:
        raise Refused.because(
            got="an export of a stack in which operations did not end",
            why="Pulumi does not know what became of their resources, and Terraform would make them again",
            instead="pulumi refresh, and export again",
        )


def _resources(told: Sequence[Json], sealed: list[Refused], *, show_secrets: bool) -> Iterator[Resource]:
    for one in told:
        match one:
            case {"custom": True, "urn": str(urn), "type": str(token), **more}:
                yield _resource(_Reading(urn, sealed, show_secrets=show_secrets), token, cast("dict[str, Json]", more))


def _resource(reading: _Reading, token: str, told: dict[str, Json]) -> Resource:
    inputs, outputs = reading.properties(told.get("inputs")), reading.properties(told.get("outputs"))
    unfit = [why for key, why in _UNSETTLED.items() if told.get(key) is True] + reading.strange
    return Resource(
        urn=reading.urn,
        token=token,
        id=str(told.get("id") or ""),
        inputs=inputs,
        outputs=outputs,
        parent=str(told.get("parent") or ""),
        provider=str(told.get("provider") or ""),
        dependencies=_texts(told.get("dependencies")),
        property_dependencies=_named_texts(told.get("propertyDependencies")),
        ignored=_texts(told.get("ignoreChanges")),
        protected=told.get("protect") is True,
        secrets=frozenset(reading.secrets),
        unfit=unfit[0] if unfit else "",
        notes=tuple(note for key, note in _UNSAID.items() if told.get(key)),
    )


@dataclass(frozen=True)
class _Reading:
    urn: str
    sealed: list[Refused]
    show_secrets: bool
    secrets: set[Path] = field(default_factory=set)
    strange: list[str] = field(default_factory=list)

    def properties(self, told: object) -> dict[str, Json]:
        opened = self._opened(cast("Json", told), ())
        return opened if isinstance(opened, dict) else {}

    def _opened(self, value: Json, path: Path) -> Json:
        match value:
            case dict() if SIGNATURE in value:
                return self._signed(value, path)
            case dict():
                return {key: self._opened(item, (*path, key)) for key, item in value.items()}
            case list():
                return [self._opened(item, (*path, str(number))) for number, item in enumerate(value)]
            case str() if value == UNKNOWN:
                self.strange.append(f"its {'.'.join(path)} is not known yet: pulumi up")
                return None
            case _:
                return value

    def _signed(self, value: dict[str, Json], path: Path) -> Json:
        signature = value[SIGNATURE]
        if signature in {ASSET, ARCHIVE}:
            return value
        if signature == SECRET or (signature == OUTPUT and value.get("secret") is True):
            self.secrets.add(path)
            return self._opened(self._decrypted(value, path), path)
        if signature == OUTPUT and "value" in value:
            return self._opened(value["value"], path)
        self.strange.append(f"its {'.'.join(path)} is a value of a kind that is not known here")
        return None

    def _decrypted(self, value: dict[str, Json], path: Path) -> Json:
        """Open a secret; one that may not be opened is noted, so that all are told at once."""
        what = f"property '{self.urn.rpartition('::')[2]}.{'.'.join(path)}'"
        try:
            if value[SIGNATURE] == SECRET:
                return decrypted(what, value, show_secrets=self.show_secrets)
            if not self.show_secrets:
                decrypted(what, {}, show_secrets=False)
        except Refused as refused:
            self.sealed.append(refused)
            return None
        return value.get("value")


def _texts(told: object) -> tuple[str, ...]:
    return tuple(str(one) for one in told) if isinstance(told, list) else ()


def _named_texts(told: object) -> dict[str, tuple[str, ...]]:
    return {key: _texts(item) for key, item in told.items()} if isinstance(told, dict) else {}
