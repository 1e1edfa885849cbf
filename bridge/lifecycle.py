"""What Terraform calls meta-arguments: which provider, what is protected, what is ignored, what is waited for."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.deployment import Resource
from bridge.document import Json
from bridge.kinds import Kind
from bridge.providers import Provider
from bridge.schema import Field, Object

_STEP = re.compile(r'\.?([^.\[\]"]+)|\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]')


@dataclass(frozen=True)
class Ignored:
    """A path that Terraform ignores; *whole*: it says just what Pulumi's said, and not more."""

    path: str
    whole: bool


def meta(one: Resource, provider: Provider, shape: Object, depends: Sequence[str]) -> tuple[dict[str, Json], list[str]]:
    """Return the meta-arguments of *one*, and what of its own Terraform cannot say."""
    ignored, notes = _ignored(one, shape)
    lifecycle: dict[str, Json] = {"prevent_destroy": True} if one.protected else {}
    lifecycle |= {"ignore_changes": ignored} if ignored else {}
    said: dict[str, Json] = {"provider": f"aws.{provider.alias}"} if provider.alias else {}
    said |= {"lifecycle": lifecycle} if lifecycle else {}
    return said | ({"depends_on": list[Json](depends)} if depends else {}), notes


def _ignored(one: Resource, shape: Object) -> tuple[Json, list[str]]:
    if "*" in one.ignored:
        return "all", []
    paths, notes = dict[str, None](), []
    for told in one.ignored:
        found = translate(told, shape)
        if found is None:
            notes.append(f"`{told}` was ignored, and this provider does not know it")
            continue
        paths[found.path] = None
        if not found.whole:
            notes.append(f"`{told}` was ignored; Terraform cannot say that, and ignores all of `{found.path}`")
    return list[Json](paths), notes


def translate(path: str, shape: Object) -> Ignored | None:
    """Return Pulumi's property *path* as Terraform's, as deep as that can go; None for what *shape* does not have."""
    steps = [next(filter(None, found)) for found in _STEP.findall(path)]
    field = shape.by_key.get(steps[0]) if steps else None
    return None if field is None else _in_field(field, field.name, steps[1:])


def _in_field(field: Field, path: str, steps: list[str]) -> Ignored | None:
    if not steps:
        return Ignored(path, whole=True)
    if field.inner is None:
        return _in_kind(field.kind, path, ["0", *steps] if field.single else steps)
    if field.nesting == "set" or (field.nesting == "list" and not field.single and not steps[0].isdecimal()):
        return Ignored(path, whole=False)
    index, rest = ("0", steps) if field.single else (steps[0], steps[1:])
    here, rest = (f"{path}[{index}]", rest) if field.nesting == "list" else (path, steps)
    if not rest:
        return Ignored(here, whole=True)
    inner = field.inner.by_key.get(rest[0])
    return None if inner is None else _in_field(inner, f"{here}.{inner.name}", rest[1:])


def _in_kind(kind: Kind | None, path: str, steps: list[str]) -> Ignored:
    match kind:
        case ["map", _] if len(steps) == 1 and steps[0] != "*":
            return Ignored(f"{path}[{json.dumps(steps[0], ensure_ascii=False)}]", whole=True)
        case ["list", _] if len(steps) == 1 and steps[0].isdecimal():
            return Ignored(f"{path}[{steps[0]}]", whole=True)
    return Ignored(path, whole=False)
