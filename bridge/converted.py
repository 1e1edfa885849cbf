"""What comes of a stack: the twins of its resources, what was left out, and what they need beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bridge import sensitive
from bridge.assets import File
from bridge.deployment import Resource
from bridge.document import Json
from bridge.providers import Provider
from bridge.secrets import Variable


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
    sensitive: tuple[sensitive.Path, ...] = ()
    dependencies: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class Converted:
    """A whole stack; *notes* are of its providers, *secret_files* the names of files that hold secrets."""

    twins: list[Twin] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)
    providers: list[Provider] = field(default_factory=list)
    variables: list[Variable] = field(default_factory=list)
    files: dict[str, File] = field(default_factory=dict)
    secret_files: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)
