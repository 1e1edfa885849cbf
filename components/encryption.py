"""Whose key encrypts what is kept: one of ours, or, where there is none, the service's own."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components import policies


class Encryption(pulumi.ComponentResource):
    """A key of ours for everything that a stack keeps, or *key* is None: AWS owns the keys."""

    key: pulumi.Output[str] | None

    def __init__(
        self, name: str, *, ours: bool, account: str, region: str, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Encryption", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        self.key = _key(name, account, region, child).arn if ours else None
        self.register_outputs({"key": self.key})


def _key(name: str, account: str, region: str, opts: pulumi.ResourceOptions) -> aws.kms.Key:
    key = aws.kms.Key(
        f"{name}-key",
        description="What a companion's people said, and its queues and logs.",
        enable_key_rotation=True,
        deletion_window_in_days=30,
        policy=pulumi.Output.json_dumps(_policy(account, region)),
        opts=opts,
    )
    aws.kms.Alias(f"{name}-alias", name=f"alias/{name}", target_key_id=key.key_id, opts=opts)
    return key


def _policy(account: str, region: str) -> policies.Document:
    """Let the account's own policies decide, and the services use the key that keep logs and send alarms with it."""
    uses = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
    logs = f"arn:aws:logs:{region}:{account}:*"
    return policies.document(
        policies.grant({"AWS": f"arn:aws:iam::{account}:root"}, ["kms:*"], "*"),
        policies.grant(
            {"Service": f"logs.{region}.amazonaws.com"},
            uses,
            "*",
            when={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": logs}},
        ),
        policies.grant(
            {"Service": ["cloudwatch.amazonaws.com", "events.amazonaws.com", "budgets.amazonaws.com"]},
            ["kms:Decrypt", "kms:GenerateDataKey*"],
            "*",
            when={"StringEquals": {"aws:SourceAccount": account}},
        ),
    )
