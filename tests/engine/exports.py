"""`python -m tests.engine.exports EXPORT [...]`: small true exports for the bridge's tests, of a stack's whole one.

EXPORT is what `pulumi stack export` printed of `dev` in the emulator; what is kept of it is in tests/bridge/exports.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

_KEPT = Path(__file__).parents[1] / "bridge" / "exports"
_OF_A_TYPE = 2
PARTS: Mapping[str, tuple[str, ...]] = {
    "queues": ("sqs/queue:Queue", "sqs/queuePolicy:QueuePolicy", "sqs/redriveAllowPolicy:RedriveAllowPolicy"),
    "tables": ("dynamodb/table:Table",),
    "functions": ("lambda/function:Function", "cloudwatch/logGroup:LogGroup", "iam/role:Role"),
    "secrets": ("secretsmanager/secret:Secret", "secretsmanager/secretVersion:SecretVersion"),
}
"""What each is of, beside the stack itself and its provider: two of each type."""


def part(export: Mapping[str, Any], types: tuple[str, ...]) -> dict[str, Any]:
    """Return *export* with the stack, its providers and the resources of *types* alone."""
    kept = {"pulumi:pulumi:Stack", "pulumi:providers:aws", *(f"aws:{one}" for one in types)}
    deployment = export["deployment"]
    resources = [_clean(one) for one in deployment["resources"] if one["type"] in kept]
    few = [one for number, one in enumerate(resources) if _earlier(resources[:number], one["type"]) < _OF_A_TYPE]
    return {**export, "deployment": {**deployment, "resources": few}}


def _clean(resource: Mapping[str, Any]) -> dict[str, Any]:
    """Return *resource* without where in the program it stands: that is this machine's."""
    return {key: value for key, value in resource.items() if key not in {"sourcePosition", "stackTrace"}}


def _earlier(resources: Sequence[Mapping[str, Any]], kind: str) -> int:
    return sum(one["type"] == kind for one in resources)


def main(path: str) -> None:
    """Write the parts of the export at *path*."""
    export = json.loads(Path(path).read_bytes())
    _KEPT.mkdir(exist_ok=True)
    for name, types in PARTS.items():
        (_KEPT / f"{name}.json").write_text(json.dumps(part(export, types), indent=1) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
