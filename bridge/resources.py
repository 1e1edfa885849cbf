"""Every AWS resource of a stack as its Terraform twin: what the configuration says of it, and what the state has.

What has no twin is listed with the reason and left out of both; nothing is guessed.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bridge import assets, naming, sensitive
from bridge.addresses import addresses
from bridge.assets import NotHere
from bridge.converted import Converted, Left, Twin
from bridge.deployment import Resource
from bridge.expressions import References, known
from bridge.imports import import_id
from bridge.kinds import Unlike, text
from bridge.lifecycle import meta
from bridge.providers import TOKEN, Provider, Providers
from bridge.schema import Object, Props, read
from bridge.secrets import Secrets

_NOT_SAID = frozenset({"tags_all"})  # The provider makes it of its own default tags.
_PLACES = frozenset({"region"})  # Of provider 6 and Pulumi; here it is the provider's.


def convert(
    deployed: Sequence[Resource], schemas: Mapping[str, Any], root: Path, *, imports: bool = False
) -> Converted:
    """Convert what was *deployed* by the provider's *schemas*; assets are found from *root*, the program's folder.

    With *imports* what cannot be imported is left out, too.
    """
    return _Conversion(deployed, schemas, root, imports=imports).run()


@dataclass(frozen=True)
class _Ready:
    """A resource that has a twin; *said* is its configuration before references are restored."""

    one: Resource
    type_name: str
    address: str
    shape: Object
    provider: Provider
    attributes: Props
    said: Props
    secrets: Secrets


class _Conversion:
    def __init__(self, deployed: Sequence[Resource], schemas: Mapping[str, Any], root: Path, *, imports: bool) -> None:
        self._deployed, self._schemas, self._root, self._imports = deployed, schemas, root, imports
        self._found, self._providers = Converted(), Providers(deployed)
        self._ready: dict[str, _Ready] = {}
        self._variables: set[str] = set()

    def run(self) -> Converted:
        typed = list(self._typed())
        addressed = addresses(typed)
        for one, type_name in typed:
            try:
                self._ready[one.urn] = self._prepared(one, type_name, addressed[one.urn])
            except (Unlike, NotHere) as unlike:
                self._leave(one, str(unlike))
        self._found.twins = [self._twin(ready) for ready in self._ready.values()]
        self._found.providers, self._found.notes = self._providers.all(), self._providers.notes
        return self._found

    def _typed(self) -> Iterator[tuple[Resource, str]]:
        """Yield what has a twin, and say of all else why not."""
        twins = naming.Twins(self._schemas)
        for one in self._deployed:
            type_name = twins.of(one.token)
            if one.token == TOKEN:
                continue
            if one.unfit:
                self._leave(one, one.unfit)
            elif type_name is None:
                ours = one.token.startswith("aws:")
                self._leave(one, "this provider has no such type" if ours else "it is not of AWS's provider")
            else:
                yield one, type_name

    def _leave(self, one: Resource, why: str) -> None:
        self._found.left.append(Left(one.urn, one.token, why))

    def _prepared(self, one: Resource, type_name: str, address: str) -> _Ready:
        """Convert *one*, or raise what of it the target cannot hold."""
        shape = read(type_name, self._schemas[type_name]["block"])
        _need_known(shape, one)
        _need_version(one, self._schemas[type_name]["version"])
        inputs, outputs = self._with_files(one, shape)
        attributes = shape.attributes(outputs)
        if "id" in attributes:
            attributes["id"] = one.id
        if self._imports:
            import_id(type_name, attributes, one.id)
        secrets = Secrets(address, one, self._variables)
        configured = shape.configuration(secrets.hidden(_documents(shape, inputs)))
        said = {name: value for name, value in configured.items() if name not in _NOT_SAID}
        return _Ready(one, type_name, address, shape, self._provider(one, shape), attributes, said, secrets)

    def _provider(self, one: Resource, shape: Object) -> Provider:
        region = shape.by_key.get("region")
        provider = self._providers.of(one, region_is_its_own=region is not None and region.settable)
        if provider is None:
            raise Unlike("the export does not have its provider")
        return provider

    def _with_files(self, one: Resource, shape: Object) -> tuple[Props, Props]:
        """Return inputs and outputs with the names of files where there are assets; the files are to be written."""
        names: Props = {}
        for key, value in {**one.outputs, **one.inputs}.items():
            if assets.is_asset(value) and isinstance(value, dict) and key in shape.by_key:
                made = assets.file(value, self._root)
                self._found.files[made.name] = made
                self._found.secret_files |= {made.name} if (key,) in one.secrets else set()
                names[key] = made.name
        inputs = {key: names.get(key, value) for key, value in one.inputs.items()}
        return inputs, {**one.outputs, **names}

    def _twin(self, ready: _Ready) -> Twin:
        one, shape, secrets = ready.one, ready.shape, ready.secrets
        references = {name: self._references(ready, name) for name in ready.said}
        restored = {name: references[name].restore(value) for name, value in ready.said.items()}
        used = {address for reference in references.values() for address in reference.used}
        depends = {self._ready[urn].address for urn in one.dependencies if urn in self._ready}
        told, notes = meta(one, ready.provider, shape, sorted(depends - used))
        said = {name: secrets.named(value) for name, value in restored.items()}
        self._found.variables += secrets.variables
        return Twin(
            resource=one,
            type_name=ready.type_name,
            address=ready.address,
            provider=ready.provider,
            configuration={**said, **told},
            attributes=ready.attributes,
            schema_version=self._schemas[ready.type_name]["version"],
            private=_private(one),
            sensitive=tuple(sensitive.paths(shape, restored, secrets.has)),
            dependencies=tuple(sorted(used | depends)),
            notes=(*one.notes, *notes, *_shown(ready), *self._unchecked(ready)),
        )

    def _references(self, ready: _Ready, name: str) -> References:
        key = next(field.key for field in ready.shape.fields if field.name == name)
        sources = [self._ready[urn] for urn in ready.one.property_dependencies.get(key, ()) if urn in self._ready]
        return References(one for source in sources for one in known(source.address, source.shape, source.attributes))

    def _unchecked(self, ready: _Ready) -> Iterator[str]:
        for name in ready.attributes.values():
            if isinstance(name, str) and name in self._found.files and not self._found.files[name].checked:
                yield f"`{name}` was packed of what is here now; whether that was deployed cannot be told"


def _documents(shape: Object, inputs: Props) -> Props:
    """Return *inputs* with documents as the texts that they become: what is secret in one makes it a secret."""
    texts = {field.key for field in shape.fields if field.kind == "string"}
    return {
        key: text(value) if key in texts and isinstance(value, dict | list) else value for key, value in inputs.items()
    }


def _shown(ready: _Ready) -> Iterator[str]:
    """Say what Pulumi keeps secret and Terraform will not."""
    keys = {path[0] for path in ready.one.secrets if path}
    for field in ready.shape.fields:
        hidden = field.sensitive or field.name in ready.said
        if field.key in keys and not hidden and ready.attributes.get(field.name) is not None:
            yield f"`{field.name}` is secret for Pulumi; what only the provider says of it, Terraform shows"


def _need_known(shape: Object, one: Resource) -> None:
    """Refuse what was told and the target does not know; what only became so, a newer provider added."""
    strange = [path for path in shape.strangers(one.inputs) if path not in _PLACES and path.partition(".")[0] != "id"]
    if strange:
        raise Unlike(f"this provider does not know {', '.join(sorted(strange))}")


def _need_version(one: Resource, version: int) -> None:
    recorded = str(_recorded(one).get("schema_version", "0"))
    if not recorded.isdecimal() or int(recorded) > version:
        raise Unlike(f"it was recorded with version {recorded} of its schema, and this provider has {version}")


def _private(one: Resource) -> str:
    """Return what the provider keeps for itself, as a state holds it."""
    return base64.b64encode(str(one.outputs["__meta"]).encode()).decode() if _recorded(one) else ""


def _recorded(one: Resource) -> dict[str, Any]:
    told = one.outputs.get("__meta")
    try:
        found = json.loads(told) if isinstance(told, str) else {}
    except (ValueError, RecursionError):
        found = {}
    return found if isinstance(found, dict) else {}
