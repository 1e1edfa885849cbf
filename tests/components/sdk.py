"""The classes of the installed SDK, by the tokens that they register."""

from __future__ import annotations

import sys
from functools import cache
from keyword import iskeyword
from typing import Any

import pulumi_aws


@cache
def resource(token: str) -> Any:  # noqa: ANN401 - any class of the SDK
    """Return the class that registers *token*, such as `aws:dynamodb/table:Table`."""
    _, module, name = token.split(":")
    service = module.split("/")[0]
    package = pulumi_aws if service == "index" else getattr(pulumi_aws, service + "_" * iskeyword(service))
    return getattr(package, name)


@cache
def arguments(token: str) -> Any:  # noqa: ANN401 - any class of the SDK
    """Return the class of what *token* is registered with: `InitArgs` where `Args` is a part of another."""
    kind = resource(token)
    beside = sys.modules[kind.__module__]
    return getattr(beside, f"{kind.__name__}InitArgs", None) or getattr(beside, f"{kind.__name__}Args")
