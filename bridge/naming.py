"""What Pulumi calls what Terraform has: types by their tokens, properties in camelCase, lists in the plural.

The rule is Pulumi's own. Where it was overridden for a property, names.json says so: `python -m tests.bridge.names`
makes it by comparing the rule with the classes of the installed SDK, and a test holds the two together.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib.resources import files

# Modules that Terraform has under another name, or none.
_MODULES = {
    "alb": "lb",
    "amp": "prometheus",
    "apigateway": "api_gateway",
    "cfg": "config",
    "directconnect": "dx",
    "ec2clientvpn": "ec2_client_vpn",
    "ec2transitgateway": "ec2_transit_gateway",
    "rds": "db",
}
_BARE = frozenset(
    {
        *("acm", "alb", "cfg", "cloudwatch", "ebs", "ec2", "ecr", "ecs", "iam", "index", "kinesis", "lb", "rds"),
        *("route53", "s3", "vpc"),
    }
)
_TYPES = {
    "aws:alb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:lb/loadBalancer:LoadBalancer": "aws_lb",
    "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "aws_sqs_queue_redrive_allow_policy",
}
_LAST_WORD = re.compile(r"(?<=[a-z0-9])([A-Z])")


@cache
def overrides(type_name: str) -> Mapping[str, str]:
    """Return, by their path, the properties of a Terraform type that Pulumi names otherwise than by the rule.

    A name that ends in `[]` is a list there, any other one value.
    """
    found: Mapping[str, str] = _derived().get(type_name, {})
    return found


@cache
def _derived() -> dict[str, dict[str, str]]:
    names: dict[str, dict[str, str]] = json.loads(files("bridge").joinpath("names.json").read_bytes())
    return names


def camel(name: str) -> str:
    """Return *name*, in snake_case, in camelCase."""
    head, *tail = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in tail)


def snake(name: str) -> str:
    """Return *name*, in camelCase, in snake_case."""
    return _LAST_WORD.sub(r"_\1", name).lower()


def plural(name: str) -> str:
    """Return the plural of *name*, as Pulumi forms it."""
    if name.endswith(("ss", "x", "ch", "sh")):
        return f"{name}es"
    if name.endswith("s"):
        return name
    return f"{name[:-1]}ies" if name.endswith("y") and name[-2:-1] not in "aeiou" else f"{name}s"


class Twins:
    """The types of a provider, found by Pulumi's tokens: by all their letters, since the two cut words differently."""

    def __init__(self, known: Collection[str]) -> None:
        """Know the Terraform types *known*."""
        self._known = {name.replace("_", ""): name for name in known}

    def of(self, token: str) -> str | None:
        """Return the type behind *token*, such as `aws:sqs/queue:Queue`; None where there is no twin."""
        package, _, rest = token.partition(":")
        module, _, name = rest.partition(":")
        if package != "aws" or not name:
            return None
        module = module.split("/")[0]
        words = snake(name).removesuffix("_v2") if module == "s3" else snake(name)
        tried = [_TYPES.get(token, ""), f"aws_{module}_{words}", f"aws_{_MODULES.get(module, module)}_{words}"]
        tried += [f"aws_{words}"] if module in _BARE else []
        letters = (candidate.replace("_", "") for candidate in tried)
        return next((self._known[one] for one in letters if one in self._known), None)
