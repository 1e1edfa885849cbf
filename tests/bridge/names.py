"""`python -m tests.bridge.names` writes bridge/names.json: where the rule's names are not those of the installed SDK.

It walks the provider's schema beside the SDK's output classes. What the SDK does not have at all is left out: a newer
provider dropped it.
"""

from __future__ import annotations

import collections.abc
import json
import re
import sys
import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Union, get_args, get_origin

import pulumi
import pulumi_aws
from pulumi import _types

from bridge import naming
from bridge.schema import Field, Object, read
from tests.bridge.provider import schemas
from tests.components import sdk

NAMES = Path(naming.__file__).with_name("names.json")
_REGISTERED = re.compile(r"super\([^)]*\)\.__init__\(\s*'(aws:[^']+/[^']+)'")

# Names that nothing in the other one shows.
_OTHERWISE: Mapping[str, Mapping[str, str]] = {
    "aws_api_gateway_stage": {"deployment_id": "deployment", "rest_api_id": "restApi"},
    "aws_cloudwatch_event_endpoint": {"event_bus": "eventBuses[]"},
    "aws_cloudwatch_log_subscription_filter": {"log_group_name": "logGroup"},
    "aws_cloudwatch_metric_alarm": {"alarm_name": "name"},
    "aws_lambda_function": {"filename": "code", "function_name": "name"},
    "aws_lambda_layer_version": {"filename": "code"},
    "aws_lambda_permission": {"function_name": "function"},
    "aws_sns_topic_subscription": {"topic_arn": "topic"},
}
_REST_API = {"rest_api_id": "restApi"}


def tokens() -> list[str]:
    """Return the tokens of every resource in the installed SDK."""
    modules = Path(pulumi_aws.__file__).parent.glob("*/*.py")
    return sorted({found[1] for path in modules if (found := _REGISTERED.search(path.read_text()))})


def derive(known: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """Return the overrides that make every name in the provider's schemas *known* one of the SDK's."""
    twins, derived = naming.Twins(known), {name: dict(paths) for name, paths in _OTHERWISE.items()}
    for type_name, token in first(twins).items():
        by_rule = _by_rule(type_name, known[type_name]["block"])
        found = dict(_differences(by_rule, _types.resource_types(sdk.resource(token)), ""))
        found.pop("id", None)
        own = derived.setdefault(type_name, dict(_REST_API) if type_name.startswith("aws_api_gateway_") else {})
        own.update({path: name for path, name in found.items() if name and path not in own})
    return {name: dict(sorted(paths.items())) for name, paths in sorted(derived.items()) if paths}


def first(twins: naming.Twins) -> dict[str, str]:
    """Return the token of each Terraform type: of several, the one that is not an older name (`bucketV2`)."""
    found: dict[str, str] = {}
    for token in tokens():
        type_name = twins.of(token)
        if type_name is not None:
            found.setdefault(type_name, token)
    return found


def misses(token: str, type_name: str, block: Mapping[str, Any]) -> list[str]:
    """Return the paths of *type_name* that have another name, or another shape, in the class of *token*."""
    kinds = _types.resource_types(sdk.resource(token))
    return [path for path, _ in _differences(read(type_name, block), kinds, "") if path not in {"id", "filename"}]


def _by_rule(type_name: str, block: Mapping[str, Any]) -> Object:
    """Read *block* as if nothing were overridden: a type of no name is in no file."""
    return read(f"{type_name} by the rule", block)


def _differences(found: Object, kinds: Mapping[str, Any], path: str) -> Iterator[tuple[str, str]]:
    """Yield the path of each property that the SDK names or shapes otherwise, and how ("": it has none)."""
    for field in found.fields:
        if field.name == "timeouts":
            continue
        name = _name(field, kinds)
        if name != _said(field):
            yield path + field.name, name
        kind = _plain(kinds.get(name.removesuffix("[]")))
        inner = _inside(kind)
        if field.inner is not None and _types.is_output_type(inner):
            yield from _differences(field.inner, _types.output_type_types(inner), f"{path}{field.name}.")


def _said(field: Field) -> str:
    return f"{field.key}[]" if field.many and not field.single else field.key


def _name(field: Field, kinds: Mapping[str, Any]) -> str:
    """Return what the SDK calls *field*, with `[]` behind it where it is a list; "" where it has nothing such."""
    singular = naming.camel(field.name)
    for key in (field.key, singular, naming.plural(singular), f"{singular}es"):
        if key in kinds:
            return f"{key}[]" if get_origin(_plain(kinds[key])) is collections.abc.Sequence else key
    return ""


def _inside(kind: Any) -> Any:  # noqa: ANN401 - a type
    """Return the class of what a list or a map holds, or of the one."""
    origin = get_origin(kind)
    if origin in {collections.abc.Sequence, collections.abc.Mapping, dict}:
        return _plain(get_args(kind)[-1])
    return kind


def _plain(kind: Any) -> Any:  # noqa: ANN401 - a type
    """Return *kind* out of the wraps that say it may be missing, or comes later."""
    if get_origin(kind) in {Union, types.UnionType}:
        return _plain(next(one for one in get_args(kind) if one is not type(None)))
    return _plain(get_args(kind)[0]) if get_origin(kind) is pulumi.Output else kind


if __name__ == "__main__":
    NAMES.write_text(json.dumps(derive(schemas()), indent=1) + "\n")
    print(f"{NAMES} written", file=sys.stderr)  # noqa: T201 - a command
