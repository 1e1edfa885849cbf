"""Every AWS resource of a stack as its Terraform twin: what the configuration says of it, and what the state has.

What has no twin is listed with the reason and left out of both; nothing is guessed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bridge import assets, naming
from bridge.addresses import addresses
from bridge.assets import File, NotHere
from bridge.deployment import Resource
from bridge.document import Json
from bridge.expressions import References, known
from bridge.providers import TOKEN, Provider, Providers
from bridge.schema import Object, read
from bridge.secrets import Secrets, Variable

_NOT_SAID = frozenset({"tags_all"})  # The provider makes it of its own default tags.
_PLACES = frozenset({"region"})  # Of provider 6 and Pulumi; here it is the provider's.


@dataclass(frozen=True)
class Left:
    """A resource that was left out, and why."""

    urn: str
    token: str
    why: str


@dataclass(frozen=True)
class Twin:
    """A resource as Terraform has it; *notes* are what could not be said of it."""

    resource: Resource
    type_name: str
    address: str
    provider: Provider
    configuration: Mapping[str, Json]
    attributes: Mapping[str, Json]
    schema_version: int
    private: str = ""
    sensitive: tuple[str, ...] = ()
    dependencies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Converted:
    """A whole stack: its twins, what was left out, and what they need beside them."""

    twins: list[Twin] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)


class _Unlike(Exception):
    """A resource that the target's schema cannot hold."""


def convert(deployed: Sequence[Resource], schemas: Mapping[str, Any], root: Path) -> Converted:
    """Convert what was *deployed* by the provider's *schemas*; assets are found from *root*, the program's folder."""
    return _Conversion(deployed, schemas, root).run()


class _Conversion:
    def __init__(self, deployed: Sequence[Resource], schemas: Mapping[str, Any], root: Path) -> None:
        self._deployed, self._schemas, self._root = deployed, schemas, root
        self._found, self._providers, self._files = Converted(), Providers(deployed), dict[str, File]()
        self._states: dict[str, dict[str, Json]] = {}
        self._addresses: Mapping[str, str] = {}

    def run(self) -> Converted:
        typed = list(self._typed())
        self._addresses = addresses(typed)
        ready = [ready for one, type_name in typed if (ready := self._state(one, type_name))]
        for one, type_name, shape in ready:
            self._found.twins.append(self._twin(one, type_name, shape))
        self._found.providers = self._providers.all()
        self._found.files = self._files
        return self._found

    def _typed(self) -> Iterator[tuple[Resource, str]]:
        """Yield what has a twin, and say of all else why not."""
        twins = naming.Twins(self._schemas)
        for one in self._deployed:
            type_name = twins.of(one.token)
            if one.token == TOKEN:
                continue
            if type_name is None:
                why = (
                    "this provider has no such type" if one.token.startswith("aws:") else "it is not of AWS's provider"
                )
                self._leave(one, why)
            else:
                yield one, type_name

    def _leave(self, one: Resource, why: str) -> None:
        self._found.left.append(Left(one.urn, one.token, why))

    def _state(self, one: Resource, type_name: str) -> tuple[Resource, str, Object] | None:
        """Note what *one* is in the state; leave it out where the target's schema cannot hold it."""
        shape = read(type_name, self._schemas[type_name]["block"])
        try:
            _need_known(shape, one)
            _need_version(one, self._schemas[type_name]["version"])
            outputs = self._with_files(one, shape)
        except (_Unlike, NotHere) as unlike:
            self._leave(one, str(unlike))
            return None
        attributes = shape.attributes(outputs)
        if "id" in attributes:
            attributes["id"] = one.id
        self._states[one.urn] = attributes
        return one, type_name, shape

    def _with_files(self, one: Resource, shape: Object) -> dict[str, Json]:
        """Return the outputs with the names of files where there are assets; the files are to be written."""
        outputs = dict(one.outputs)
        for key, value in {**outputs, **one.inputs}.items():
            if assets.is_asset(value) and isinstance(value, dict) and key in shape.by_key:
                made = assets.file(value, self._root)
                self._files[made.name] = made
                outputs[key] = made.name
        return outputs

    def _twin(self, one: Resource, type_name: str, shape: Object) -> Twin:
        secrets = Secrets(self._addresses[one.urn], one)
        said = shape.configuration(secrets.hidden(self._inputs(one)))
        references = {name: self._references(one, shape, name) for name in said}
        restored = {
            name: secrets.named(references[name].restore(value))
            for name, value in said.items()
            if name not in _NOT_SAID
        }
        used = {address for reference in references.values() for address in reference.used}
        depends = [self._addresses[urn] for urn in one.dependencies if urn in self._states]
        self._found.variables += secrets.variables
        provider = self._providers.of(one)
        return Twin(
            resource=one,
            type_name=type_name,
            address=self._addresses[one.urn],
            provider=provider,
            configuration={**restored, **_meta(one, provider, shape, sorted(set(depends) - used))},
            attributes=self._states[one.urn],
            schema_version=self._schemas[type_name]["version"],
            private=_private(one),
            sensitive=tuple(name for name, value in restored.items() if secrets.holds(value)),
            dependencies=tuple(sorted(used | set(depends))),
            notes=("Pulumi would keep it when it is removed; Terraform would delete it",) if one.retained else (),
        )

    def _inputs(self, one: Resource) -> dict[str, Json]:
        """Return the inputs with the names of files where there are assets."""
        return {
            key: self._files[assets.file(value, self._root).name].name
            if assets.is_asset(value) and isinstance(value, dict)
            else value
            for key, value in one.inputs.items()
        }

    def _references(self, one: Resource, shape: Object, name: str) -> References:
        key = next(field.key for field in shape.fields if field.name == name)
        urns = [urn for urn in one.property_dependencies.get(key, ()) if urn in self._states]
        return References([pair for urn in urns for pair in known(self._addresses[urn], self._states[urn])])


def _meta(one: Resource, provider: Provider, shape: Object, depends: list[str]) -> dict[str, Json]:
    """Return what Terraform calls meta-arguments."""
    ignored = [shape.by_key[key].name for key in one.ignored if key in shape.by_key]
    lifecycle: dict[str, Json] = {"prevent_destroy": True} if one.protected else {}
    lifecycle |= {"ignore_changes": list[Json](ignored)} if ignored else {}
    said: dict[str, Json] = {"provider": f"aws.{provider.alias}"} if provider.alias else {}
    said |= {"lifecycle": lifecycle} if lifecycle else {}
    return said | ({"depends_on": list[Json](depends)} if depends else {})


def _need_known(shape: Object, one: Resource) -> None:
    """Refuse what was told and the target does not know; what only became so, a newer provider added."""
    strange = [path for path in shape.strangers(one.inputs) if path not in _PLACES and path.partition(".")[0] != "id"]
    if strange:
        raise _Unlike(f"this provider does not know {', '.join(sorted(strange))}")


def _need_version(one: Resource, version: int) -> None:
    recorded = _recorded(one).get("schema_version")
    if recorded is not None and int(recorded) > version:
        raise _Unlike(f"it was recorded with version {recorded} of its schema, and this provider has {version}")


def _private(one: Resource) -> str:
    """Return what the provider keeps for itself, as a state holds it."""
    told = one.outputs.get("__meta")
    return base64.b64encode(told.encode()).decode() if isinstance(told, str) and told else ""


def _recorded(one: Resource) -> dict[str, Any]:
    told = one.outputs.get("__meta")
    try:
        found = json.loads(told) if isinstance(told, str) else {}
    except ValueError:
        found = {}
    return found if isinstance(found, dict) else {}
