"""What a role is granted: the one place where a policy is put on a role."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import policies


def grant(
    name: str, role: aws.iam.Role, *statements: policies.Statement, opts: pulumi.ResourceOptions
) -> aws.iam.RolePolicy:
    """Allow *role* what *statements* say, as the policy *name*."""
    policy = pulumi.Output.json_dumps(policies.document(*statements))
    return aws.iam.RolePolicy(name, role=role.name, policy=policy, opts=opts)
