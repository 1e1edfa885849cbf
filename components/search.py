"""The domain that long-term memories are found in: encrypted, asked by HTTPS alone, and by nobody without a role."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import policies
from components.configuration import Keeping, Search
from components.function import Placement, Platform

_LOGS = ("INDEX_SLOW_LOGS", "SEARCH_SLOW_LOGS", "ES_APPLICATION_LOGS")


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the domain is like, and where it is: in the network of *placement*, or reached by its public endpoint."""

    settings: Search
    keeping: Keeping
    platform: Platform
    placement: Placement | None


def domain(name: str, plan: Plan, *, master: pulumi.Input[str], opts: pulumi.ResourceOptions) -> aws.opensearch.Domain:
    """Make the domain of which the role *master* says who else may do what."""
    log, allowed = _log(name, plan.platform, opts)
    kept = pulumi.ResourceOptions(protect=plan.keeping.deletion_protection, depends_on=[allowed])
    return aws.opensearch.Domain(
        f"{name}-vectors",
        domain_name=f"{name}-vectors",
        engine_version=plan.settings.search_version,
        cluster_config=_cluster(plan.settings),
        ebs_options=aws.opensearch.DomainEbsOptionsArgs(
            ebs_enabled=True, volume_type="gp3", volume_size=plan.settings.search_volume
        ),
        encrypt_at_rest=aws.opensearch.DomainEncryptAtRestArgs(enabled=True, kms_key_id=plan.platform.key),
        node_to_node_encryption=aws.opensearch.DomainNodeToNodeEncryptionArgs(enabled=True),
        domain_endpoint_options=aws.opensearch.DomainDomainEndpointOptionsArgs(
            enforce_https=True, tls_security_policy="Policy-Min-TLS-1-2-2019-07"
        ),
        advanced_security_options=_access(master),
        vpc_options=_inside(name, plan.placement, plan.settings, opts) if plan.placement else None,
        log_publishing_options=_published(log.arn),
        opts=pulumi.ResourceOptions.merge(opts, kept),
    )


def _log(
    name: str, platform: Platform, opts: pulumi.ResourceOptions
) -> tuple[aws.cloudwatch.LogGroup, aws.cloudwatch.LogResourcePolicy]:
    log = aws.cloudwatch.LogGroup(
        f"{name}-search-log",
        name=f"/aws/opensearch/{name}-vectors",
        retention_in_days=platform.settings.log_days,
        kms_key_id=platform.key,
        opts=opts,
    )
    policy = pulumi.Output.json_dumps(_may_log(log.arn, platform.account))
    allowed = aws.cloudwatch.LogResourcePolicy(
        f"{name}-search-log-policy", policy_name=f"{name}-vectors", policy_document=policy, opts=opts
    )
    return log, allowed


def _cluster(settings: Search) -> aws.opensearch.DomainClusterConfigArgs:
    several = settings.search_zones > 1
    zones = aws.opensearch.DomainClusterConfigZoneAwarenessConfigArgs(availability_zone_count=settings.search_zones)
    return aws.opensearch.DomainClusterConfigArgs(
        instance_type=settings.search_instance,
        instance_count=settings.search_nodes,
        zone_awareness_enabled=several,
        zone_awareness_config=zones if several else None,
    )


def _access(master: pulumi.Input[str]) -> aws.opensearch.DomainAdvancedSecurityOptionsArgs:
    return aws.opensearch.DomainAdvancedSecurityOptionsArgs(
        enabled=True,
        internal_user_database_enabled=False,
        master_user_options=aws.opensearch.DomainAdvancedSecurityOptionsMasterUserOptionsArgs(master_user_arn=master),
    )


def _inside(
    name: str, placement: Placement, settings: Search, opts: pulumi.ResourceOptions
) -> aws.opensearch.DomainVpcOptionsArgs:
    """Put the domain into one subnet of each zone, where our clients alone may ask it."""
    group = aws.ec2.SecurityGroup(
        f"{name}-search-group",
        name=f"{name}-search",
        description="The search domain, for what searches.",
        vpc_id=placement.vpc_id,
        opts=opts,
    )
    aws.vpc.SecurityGroupIngressRule(
        f"{name}-search-ingress",
        security_group_id=group.id,
        referenced_security_group_id=placement.client_group_id,
        ip_protocol="tcp",
        from_port=443,
        to_port=443,
        opts=opts,
    )
    subnets = pulumi.Output.from_input(placement.subnet_ids).apply(lambda ids: ids[: settings.search_zones])
    return aws.opensearch.DomainVpcOptionsArgs(subnet_ids=subnets, security_group_ids=[group.id])


def _published(log: pulumi.Input[str]) -> Sequence[aws.opensearch.DomainLogPublishingOptionArgs]:
    return [aws.opensearch.DomainLogPublishingOptionArgs(log_type=kind, cloudwatch_log_group_arn=log) for kind in _LOGS]


def _may_log(log: pulumi.Output[str], account: str) -> policies.Document:
    ours = {"StringEquals": {"aws:SourceAccount": account}}
    writes = ["logs:CreateLogStream", "logs:PutLogEvents"]
    return policies.document(
        policies.grant({"Service": "es.amazonaws.com"}, writes, pulumi.Output.concat(log, ":*"), when=ours)
    )
