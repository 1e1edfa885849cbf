"""The providers of a stack: whose account and which Region their resources are in, and the tags that all of them have.

Credentials are never written: Terraform takes them from its surroundings, as Pulumi can.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bridge.deployment import Resource
from bridge.document import Json, parse
from bridge.expressions import literal
from bridge.kinds import DEFAULTS
from bridge.naming import snake
from bridge.refused import Refused

TOKEN = "pulumi:providers:aws"  # noqa: S105 - Pulumi's name of a type

_UNSAYABLE = re.compile(r"[^0-9A-Za-z_-]+")
_TEXTS = ("profile",)
_LISTS = ("allowedAccountIds", "forbiddenAccountIds")
_BLOCKS = {"assumeRole": "assume_role", "assumeRoles": "assume_role", "ignoreTags": "ignore_tags"}
_OF_ITS_OWN = frozenset({"region", "defaultTags", "version", "pluginDownloadURL", DEFAULTS})
_RENAMED = {"durationSeconds": "duration"}
# As the program has them by default, or as they matter to Pulumi alone.
_PLAIN = frozenset({"skipCredentialsValidation", "skipMetadataApiCheck", "skipRegionValidation"})


@dataclass(frozen=True)
class Provider:
    """One configuration of the provider; *alias* is empty for the one that needs no naming."""

    alias: str
    region: str
    tags: dict[str, Json]
    account: Mapping[str, Json]

    @property
    def block(self) -> dict[str, Json]:
        """Say it as a configuration does."""
        said: dict[str, Json] = {"alias": self.alias} if self.alias else {}
        said |= {"region": self.region} if self.region else {}
        return {**said, **self.account, **({"default_tags": [{"tags": self.tags}]} if self.tags else {})}

    @property
    def address(self) -> str:
        """Name it as a state does."""
        return f'provider["registry.terraform.io/hashicorp/aws"]{f".{self.alias}" if self.alias else ""}'


class Providers:
    """The providers of a stack, and those that a resource in another Region needs beside them."""

    def __init__(self, deployed: Sequence[Resource]) -> None:
        """Find them; the one with the most resources is the default."""
        told = {one.urn: one for one in deployed if one.token == TOKEN}
        users = [one for one in deployed if one.token.startswith("aws:") and _urn(one.provider) in told]
        self._named: dict[tuple[str, str], Provider] = {}
        self.notes: list[str] = []
        for number, (urn, _) in enumerate(Counter(_urn(one.provider) for one in users).most_common()):
            region = str(told[urn].inputs.get("region") or _usual(one for one in users if _urn(one.provider) == urn))
            alias = self._free(told[urn].name) if number else ""
            account, unsaid = _account(told[urn])
            self._named[urn, ""] = Provider(alias, region, _tags(told[urn]), account)
            self.notes += [f"provider `{told[urn].name}`: its {name} is not written" for name in unsaid]

    def of(self, resource: Resource, *, region_is_its_own: bool = False) -> Provider | None:
        """Return the provider of *resource*, by its own Region if that is another than its provider's.

        Of a few types the Region is a property like others: *region_is_its_own*. None: the export has no such provider.
        """
        urn = _urn(resource.provider)
        own = self._named.get((urn, ""))
        region = resource.outputs.get("region")
        if own is None or region_is_its_own or not isinstance(region, str) or region in {"", own.region}:
            return own
        if (urn, region) not in self._named:
            alias = self._free("_".join(part for part in (own.alias, region.replace("-", "_")) if part))
            self._named[urn, region] = Provider(alias, region, own.tags, own.account)
        return self._named[urn, region]

    def all(self) -> list[Provider]:
        """Return those that were found and needed, the default first."""
        return sorted(self._named.values(), key=lambda one: one.alias)

    def _free(self, name: str) -> str:
        """Return *name* as an alias that no other has."""
        taken = {one.alias for one in self._named.values()}
        said = _UNSAYABLE.sub("_", name)
        alias = free = said if said[:1].isalpha() or said[:1] == "_" else f"_{said}"
        number = 2
        while free in taken:
            free, number = f"{alias}_{number}", number + 1
        return free


def _usual(users: Iterable[Resource]) -> str:
    """Return the Region that most of *users* are in, for a provider that took it from its surroundings."""
    regions = Counter(str(one.outputs.get("region") or "") for one in users)
    return regions.most_common(1)[0][0] if regions else ""


def _urn(provider: str) -> str:
    """Return the URN in a reference to a provider, which ends in its id."""
    return provider.rpartition("::")[0]


def _opened(told: Json) -> Json:
    """Return what a provider's input says: Pulumi keeps all but texts as JSON in a text."""
    if not isinstance(told, str):
        return told
    try:
        return parse(told.encode(), "a provider's input")
    except Refused:
        return told


def _tags(one: Resource) -> dict[str, Json]:
    found = _opened(one.inputs.get("defaultTags"))
    tags = found.get("tags") if isinstance(found, dict) and not _is_secret(one, "defaultTags") else None
    known = tags if isinstance(tags, dict) else {}
    return {literal(key): literal(value) for key, value in known.items() if isinstance(value, str)}


def _is_secret(one: Resource, key: str) -> bool:
    return any(path[0] == key for path in one.secrets if path)


def _account(one: Resource) -> tuple[dict[str, Json], list[str]]:
    """Return what says whose account it is, and the names of what is set beside that and not said."""
    said: dict[str, Json] = {}
    unsaid = []
    for key, told in one.inputs.items():
        value = _opened(told)
        if key == "defaultTags" and _is_secret(one, key):
            unsaid.append(key)
        elif key in _OF_ITS_OWN or value in (None, "", [], {}) or (key in _PLAIN and value is False):
            continue
        elif not _is_secret(one, key) and key in {*_TEXTS, *_LISTS, *_BLOCKS}:
            said[_BLOCKS.get(key, snake(key))] = _said(told if key in _TEXTS else value, block=key in _BLOCKS)
        else:
            unsaid.append(key)
    return said, unsaid


def _said(value: Json, *, block: bool = False) -> Json:
    """Say *value* with Terraform's names; a block is a list."""
    match value:
        case str():
            return literal(value)
        case list():
            return [_said(item) for item in value if item is not None]
        case dict():
            said: Json = {_RENAMED.get(key, snake(key)): _inner(key, item) for key, item in value.items()}
            return [said] if block else said
        case _:
            return value


def _inner(key: str, value: Json) -> Json:
    """Say what a block has as *key*; the keys of tags are the user's."""
    if key == "tags" and isinstance(value, dict):
        return {literal(name): _said(item) for name, item in value.items()}
    return _said(value)
