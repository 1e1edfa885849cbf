"""A converted stack as files: a configuration in JSON, its state or `import` blocks, and a report for people.

JSON and not HCL: it is written by a program, every text is exact in it, and Terraform reads both alike (docs/adr).
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from bridge.converted import Converted, Twin
from bridge.document import Json, Number, render
from bridge.expressions import literal
from bridge.imports import UNREAD, import_id
from bridge.refused import Refused
from bridge.state import State
from bridge.state import write as state_bytes

_OWNERS_ALONE, _OTHERS_MAY_READ = 0o600, 0o644
_SECRETS = "secrets.auto.tfvars.json"


def write(converted: Converted, folder: Path, *, lineage: str, version: str, imports: bool) -> list[Path]:
    """Write the configuration of *converted* into the empty *folder*, with its state or, if *imports*, without.

    *version* is that of the provider whose schema was used. Raises `Refused` if the folder is not empty.
    """
    _need_empty(folder)
    folder.mkdir(parents=True, exist_ok=True)
    twins = [_unread(one) for one in converted.twins] if imports else converted.twins
    texts = _configuration(converted, twins, version)
    texts |= {"imports.tf.json": _imports(twins)} if imports else {}
    written = [_put(folder / name, _json(told), _OTHERS_MAY_READ) for name, told in texts.items() if told]
    for one in converted.files.values():
        (folder / one.name).parent.mkdir(exist_ok=True)
        written.append(_put(folder / one.name, one.data, _mode(one.name, converted)))
    if converted.variables:
        values: Json = {one.name: one.value for one in converted.variables}
        written.append(_put(folder / _SECRETS, _json(values), _OWNERS_ALONE))
    if not imports:
        written.append(_put(folder / "terraform.tfstate", state_bytes(_state(converted, lineage)), _OWNERS_ALONE))
    return [*written, _put(folder / "report.md", report(replace(converted, twins=twins)).encode(), _OTHERS_MAY_READ)]


def report(converted: Converted) -> str:
    """Say what became of each resource."""
    lines = ["# What became of the stack", "", f"{len(converted.twins)} resources are Terraform's, too:", ""]
    lines += [f"- `{one.address}` was `{one.resource.name}` ({one.resource.token})" for one in converted.twins]
    notes = [f"- {note}" for note in converted.notes]
    notes += [f"- `{one.address}`: {note}" for one in converted.twins for note in one.notes]
    lines += ["", "To know:", "", *notes] if notes else []
    lines += ["", f"{len(converted.left)} left out of the configuration and of the state:", ""]
    lines += [f"- `{one.urn.rpartition('::')[2]}` ({one.token}): {one.why}" for one in converted.left]
    return "\n".join([*lines, ""])


def _unread(one: Twin) -> Twin:
    """Let Terraform ignore what an import cannot read of *one*."""
    unread = UNREAD.get(one.type_name, ())
    lifecycle = one.configuration.get("lifecycle")
    told = dict(lifecycle) if isinstance(lifecycle, dict) else {}
    before = told.get("ignore_changes")
    if not unread or before == "all":
        return one
    ignored = [*(before if isinstance(before, list) else []), *unread]
    note = f"an import cannot read {', '.join(unread)}: they are in `ignore_changes`, until you take them out"
    configuration = {**one.configuration, "lifecycle": {**told, "ignore_changes": ignored}}
    return replace(one, configuration=configuration, notes=(*one.notes, note))


def _mode(name: str, converted: Converted) -> int:
    return _OWNERS_ALONE if name in converted.secret_files else _OTHERS_MAY_READ


def _configuration(converted: Converted, twins: Iterable[Twin], version: str) -> dict[str, Json]:
    required: Json = {"aws": {"source": "hashicorp/aws", "version": version}}
    blocks: list[Json] = [one.block for one in converted.providers]
    variables: Json = {one.name: {"type": "string", "sensitive": True} for one in converted.variables}
    return {
        "main.tf.json": {"resource": _by_type(twins)} if converted.twins else {},
        "provider.tf.json": {
            "terraform": [{"required_providers": [required]}],
            "provider": {"aws": blocks},
        },
        "variables.tf.json": {"variable": variables} if converted.variables else {},
    }


def _by_type(twins: Iterable[Twin]) -> Json:
    found: dict[str, Json] = {}
    for one in twins:
        of_type = found.setdefault(one.type_name, {})
        if isinstance(of_type, dict):
            of_type[one.address.partition(".")[2]] = dict(one.configuration)
    return found


def _imports(twins: Iterable[Twin]) -> Json:
    blocks: list[Json] = [_import(one) for one in twins]
    return {"import": blocks}


def _import(one: Twin) -> Json:
    """Say how Terraform finds the resource; one of another provider than the default one says which."""
    provider: dict[str, Json] = {"provider": f"aws.{one.provider.alias}"} if one.provider.alias else {}
    return {"to": one.address, "id": literal(import_id(one.type_name, one.attributes, one.resource.id)), **provider}


def _state(converted: Converted, lineage: str) -> State:
    resources: list[Json] = [_managed(one) for one in sorted(converted.twins, key=lambda one: one.address)]
    return State(lineage, 1, {}, rest={"resources": resources, "check_results": None})


def _managed(one: Twin) -> Json:
    instance: dict[str, Json] = {
        "schema_version": Number(str(one.schema_version)),
        "attributes": dict(one.attributes),
        "sensitive_attributes": [list[Json](path) for path in one.sensitive],
    }
    instance |= {"private": one.private} if one.private else {}
    instance |= {"dependencies": list[Json](one.dependencies)} if one.dependencies else {}
    return {
        "mode": "managed",
        "type": one.type_name,
        "name": one.address.partition(".")[2],
        "provider": one.provider.address,
        "instances": [instance],
    }


def _json(told: Json) -> bytes:
    return f"{render(told, indented=True)}\n".encode()


def _put(path: Path, data: bytes, mode: int) -> Path:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
    return path


def _need_empty(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()):
        raise Refused.because(
            got=f"{folder}, which is not empty",
            why="a configuration and a state belong together, and what is there would be mixed in",
            instead="name a folder that is not there yet",
        )
