"""IAM documents as plain values: what may be done, to what, by whom.

A name may be a text or an output of one: `pulumi.Output.json_dumps` writes both.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

Document = dict[str, Any]
Statement = dict[str, Any]
Conditions = Mapping[str, Mapping[str, Any]]

# What uses a key of ours does by way of the service that holds the thing, and only so.
_KEY_USES = (
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:Encrypt",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
)


def document(*statements: Statement) -> Document:
    """Return the policy that *statements* make."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(actions: Sequence[str], *resources: pulumi.Input[str], when: Conditions | None = None) -> Statement:
    """Allow *actions* on *resources* (texts, or outputs of them)."""
    statement = {"Effect": "Allow", "Action": list(actions), "Resource": list(resources)}
    return {**statement, "Condition": when} if when else statement


def grant(
    principal: Mapping[str, Any], actions: Sequence[str], *resources: pulumi.Input[str], when: Conditions | None = None
) -> Statement:
    """Allow *principal* what a policy on a resource allows; no *resources*: a policy of trust, which names none."""
    statement: Statement = {"Effect": "Allow", "Principal": dict(principal), "Action": list(actions)}
    statement |= {"Resource": list(resources)} if resources else {}
    return {**statement, "Condition": when} if when else statement


def refuse(actions: Sequence[str], *resources: pulumi.Input[str], when: Conditions) -> Statement:
    """Refuse everybody *actions* on *resources* in the case *when*, whatever else allows them."""
    statement = {"Effect": "Deny", "Principal": "*", "Action": list(actions), "Resource": list(resources)}
    return {**statement, "Condition": when}


def trust(service: str) -> Document:
    """Let *service* (such as `lambda.amazonaws.com`) take a role."""
    return document(grant({"Service": service}, ["sts:AssumeRole"]))


def use_key(key: pulumi.Input[str], *services: str) -> Statement:
    """Allow the use of *key* by way of *services*, such as `dynamodb.us-east-1.amazonaws.com`."""
    return allow(_KEY_USES, key, when={"StringEquals": {"kms:ViaService": list(services)}})
