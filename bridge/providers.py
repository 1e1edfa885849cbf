"""The providers of a stack: where their resources are, and the tags that all of them have."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bridge.deployment import Resource
from bridge.document import Json

TOKEN = "pulumi:providers:aws"  # noqa: S105 - Pulumi's name of a type


@dataclass(frozen=True)
class Provider:
    """One configuration of the provider; *alias* is empty for the one that needs no naming."""

    alias: str
    region: str
    tags: dict[str, Json]

    @property
    def block(self) -> dict[str, Json]:
        """Say it as a configuration does."""
        said: dict[str, Json] = {"alias": self.alias} if self.alias else {}
        said |= {"region": self.region} if self.region else {}
        return said | ({"default_tags": [{"tags": self.tags}]} if self.tags else {})

    @property
    def address(self) -> str:
        """Name it as a state does."""
        return f'provider["registry.terraform.io/hashicorp/aws"]{f".{self.alias}" if self.alias else ""}'


class Providers:
    """The providers of a stack, and those that a resource in another Region needs beside them."""

    def __init__(self, deployed: Sequence[Resource]) -> None:
        """Find them; the one with the most resources is the default."""
        told = {one.urn: one for one in deployed if one.token == TOKEN}
        uses = Counter(_urn(one.provider) for one in deployed if one.token.startswith("aws:"))
        ranked = [urn for urn, _ in uses.most_common() if urn in told]
        self._named: dict[tuple[str, str], Provider] = {}
        for number, urn in enumerate(ranked):
            inputs = told[urn].inputs
            alias = told[urn].name.replace(".", "_") if number else ""
            self._named[urn, ""] = Provider(alias, str(inputs.get("region") or ""), _tags(inputs.get("defaultTags")))

    def of(self, resource: Resource) -> Provider:
        """Return the provider of *resource*, by its own Region if that is another than its provider's."""
        urn = _urn(resource.provider)
        own = self._named.setdefault((urn, ""), Provider("", "", {}))
        region = resource.outputs.get("region")
        if not isinstance(region, str) or region in {"", own.region} or not own.region:
            return own
        alias = "_".join(part for part in (own.alias, region.replace("-", "_")) if part)
        return self._named.setdefault((urn, region), Provider(alias, region, own.tags))

    def all(self) -> list[Provider]:
        """Return those that were found and needed, each once, the default first."""
        return sorted({one.address: one for one in self._named.values()}.values(), key=lambda one: one.alias)


def _urn(provider: str) -> str:
    """Return the URN in a reference to a provider, which ends in its id."""
    return provider.rpartition("::")[0]


def _tags(told: Json) -> dict[str, Json]:
    """Return the default tags, which a provider's inputs hold as JSON in a text."""
    found = json.loads(told) if isinstance(told, str) else told
    tags = found.get("tags") if isinstance(found, dict) else None
    return tags if isinstance(tags, dict) else {}
