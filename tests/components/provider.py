"""What types can't see: values that AWS's own Terraform provider refuses, asked of the real one without an account.

Pulumi's provider wraps it. The one here is a major version older (5.100, Pulumi's 7.51 has 6.x), so what it doesn't
know yet is left out, and named. It sees enums, patterns, lengths, ranges, ARNs, JSON and what excludes what; it does
not see what only the service checks (whether a name is taken, a quota, a permission), nor values that are known after
a deployment, in whose place stand those of `cloud`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping

from bridge import schema
from bridge.document import Json, parse, render
from bridge.naming import Twins
from tests.bridge.provider import plugins, schemas
from tests.bridge.terraform import Terraform
from tests.components.engine import Created, Inputs


class Provider:
    """The real provider, in a folder of its own."""

    def __init__(self, terraform: Terraform) -> None:
        """Ask what it knows, and make it ready to be asked more."""
        self._terraform = terraform
        self._write({})
        assert terraform.run("init", f"-plugin-dir={plugins()}").returncode == 0
        self._schemas: Inputs = schemas()
        self._twins = Twins(self._schemas)

    def refusals(self, programs: Mapping[str, Iterable[Created]]) -> tuple[list[str], set[str]]:
        """Return what the provider refuses of what *programs* registered, and what it does not know yet."""
        resources: dict[str, dict[str, Json]] = {}
        newer: set[str] = set()
        for program, registered in programs.items():
            for created in registered:
                kind = self._twins.of(created.token)
                if kind is not None:
                    place = resources.setdefault(kind, {})
                    place[re.sub(r"\W", "_", f"{program}-{created.name}")] = self._asked(kind, created, newer)
                elif created.token.startswith("aws:"):
                    newer.add(created.token)
        self._write(resources)
        said = json.loads(self._terraform.run("validate", "-json").stdout)
        errors = [one for one in said["diagnostics"] if one["severity"] == "error"]
        return [f"{one.get('address')}: {one['summary']} {one['detail']}" for one in errors], newer

    def _asked(self, kind: str, created: Created, newer: set[str]) -> Json:
        """Return what *created* asks for as a configuration; what the provider does not know goes to *newer*."""
        known = schema.read(kind, self._schemas[kind]["block"])
        inputs = _written(_older(kind, created.inputs))
        newer |= {f"{created.token} {path}" for path in known.strangers(inputs)}
        return known.configuration(inputs)

    def _write(self, resources: Mapping[str, Json]) -> None:
        document: dict[str, Json] = {
            "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws"}}},
            "provider": {"aws": {"region": "us-east-1"}},
            **({"resource": dict(resources)} if resources else {}),
        }
        text = render(document).replace("${", "$${")  # What is Terraform's expression would be our text.
        (self._terraform.folder / "main.tf.json").write_text(text)


def _written(inputs: Inputs) -> dict[str, Json]:
    """Return *inputs* as the bridge has JSON; an archive is its path."""
    written = parse(json.dumps(inputs, default=lambda archive: archive.path).encode(), "inputs")
    assert isinstance(written, dict)
    return written


def _older(kind: str, inputs: Inputs) -> Inputs:
    """Return *inputs* as the older provider has them, where it says the same in other words."""
    if kind != "aws_dynamodb_table" or "globalSecondaryIndexes" not in inputs:
        return inputs
    return {**inputs, "globalSecondaryIndexes": [_older_index(index) for index in inputs["globalSecondaryIndexes"]]}


def _older_index(index: Inputs) -> Inputs:
    keys = {key["keyType"].lower() + "Key": key["attributeName"] for key in index["keySchemas"]}
    return {**{key: value for key, value in index.items() if key != "keySchemas"}, **keys}
