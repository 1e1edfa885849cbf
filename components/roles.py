"""What a role is told and may do, by the parts that its settings are made of: who is told of a thing may reach it.

A layer calls what it makes, and a setting what it says, as the roles' settings call it; so one name is written once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields

import pulumi
import pulumi_aws as aws

from runtime.settings import ROLES

Grants = Mapping[type, Sequence[Callable[[aws.iam.Role], object]]]


def told(role: str, *by: object) -> dict[str, pulumi.Input[str]]:
    """Return what the process of *role* is told *by* layers and parts of the configuration, the first first."""
    names = [field.name for field in fields(ROLES[role])]
    return {name: _text(getattr(one, name)) for name in names for one in reversed(by) if hasattr(one, name)}


def permit(role: str, holder: aws.iam.Role, grants: Grants) -> None:
    """Let *holder* do as *role* what goes with each part that the role's settings are made of."""
    for part, verbs in grants.items():
        if issubclass(ROLES[role], part):
            for grant in verbs:
                grant(holder)


def _text(value: object) -> pulumi.Input[str]:
    return value if isinstance(value, pulumi.Output) else str(value)
