"""The four tables, as data: their keys, their indexes, what ends by itself and what is backed up."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.configuration import Keeping

Attribute = tuple[str, str]


@dataclass(frozen=True, kw_only=True)
class Index:
    """A sparse index of keys alone: it holds the rows that have its *hash*."""

    name: str
    hash: Attribute
    range: Attribute | None = None


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What a table looks like: *title* is its logical name, *backups* are those that need no setting."""

    title: str
    name: str
    hash: Attribute
    range: Attribute | None = None
    ttl: str = ""
    index: Index | None = None
    backups: bool = False
    backups_by_setting: bool = False


def shapes(prefix: str) -> tuple[Shape, ...]:
    """Return the tables of a stack whose names begin with *prefix*."""
    user = ("user_id", "S")
    failed = Index(name="failed", hash=("failed", "S"), range=("ended", "N"))
    return (
        Shape(
            title="memories",
            name=f"{prefix.replace('-', '_')}_memory",
            hash=user,
            range=("ts", "N"),
            ttl="expires_at",
            backups=True,
        ),
        Shape(
            title="turns",
            name=f"{prefix}-turns",
            hash=user,
            range=("item", "S"),
            ttl="expires_at",
            index=failed,
            backups_by_setting=True,
        ),
        Shape(
            title="connections",
            name=f"{prefix}-connections",
            hash=("connection_id", "S"),
            ttl="expires_at",
            index=Index(name="user", hash=user),
        ),
        Shape(
            title="erased",
            name=f"{prefix}-erased",
            hash=("pseudonym", "S"),
            index=Index(name="running", hash=("running", "S")),
            backups=True,
        ),
    )


def table(
    name: str, shape: Shape, keeping: Keeping, *, key: pulumi.Input[str] | None, opts: pulumi.ResourceOptions
) -> aws.dynamodb.Table:
    """Make the table of *shape*, encrypted with *key* or with DynamoDB's own."""
    backups = shape.backups or (shape.backups_by_setting and keeping.table_backups)
    return aws.dynamodb.Table(
        f"{name}-{shape.title}",
        name=shape.name,
        billing_mode="PAY_PER_REQUEST",
        hash_key=shape.hash[0],
        range_key=shape.range[0] if shape.range else None,
        attributes=_attributes(shape),
        global_secondary_indexes=[_index(shape.index)] if shape.index else None,
        ttl=aws.dynamodb.TableTtlArgs(attribute_name=shape.ttl, enabled=True) if shape.ttl else None,
        point_in_time_recovery=_recovery(keeping) if backups else None,
        server_side_encryption=aws.dynamodb.TableServerSideEncryptionArgs(enabled=True, kms_key_arn=key)
        if key
        else None,
        deletion_protection_enabled=keeping.deletion_protection,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(protect=keeping.deletion_protection)),
    )


def _attributes(shape: Shape) -> list[aws.dynamodb.TableAttributeArgs]:
    keys = [shape.hash, shape.range]
    keys += [shape.index.hash, shape.index.range] if shape.index else []
    named = dict(key for key in keys if key)
    return [aws.dynamodb.TableAttributeArgs(name=name, type=kind) for name, kind in named.items()]


def _index(index: Index) -> aws.dynamodb.TableGlobalSecondaryIndexArgs:
    keys = [(index.hash, "HASH"), *([(index.range, "RANGE")] if index.range else [])]
    return aws.dynamodb.TableGlobalSecondaryIndexArgs(
        name=index.name,
        key_schemas=[
            aws.dynamodb.TableGlobalSecondaryIndexKeySchemaArgs(attribute_name=key[0], key_type=kind)
            for key, kind in keys
        ],
        projection_type="KEYS_ONLY",
    )


def _recovery(keeping: Keeping) -> aws.dynamodb.TablePointInTimeRecoveryArgs:
    return aws.dynamodb.TablePointInTimeRecoveryArgs(enabled=True, recovery_period_in_days=keeping.backup_days)
