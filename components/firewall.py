"""The firewall before the edge: who asks too often, is known for attacks, or asks what only an attack would.

It sees handshakes and requests of the page, never a frame. What it keeps of a request has no token and no code in it.
"""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

# A first visit asks some forty times, and an office of many people has one address.
_REQUESTS_PER_ADDRESS = 3_000
_WINDOW_SECONDS = 300
_REGION = "us-east-1"
"""Where CloudFront's firewalls live, whatever the stack's Region."""

_MANAGED = {
    "reputation": "AWSManagedRulesAmazonIpReputationList",
    "common": "AWSManagedRulesCommonRuleSet",
    "bad-inputs": "AWSManagedRulesKnownBadInputsRuleSet",
}
# The token of a handshake, and what somebody comes back with from a sign-in.
_SECRETS = {"SINGLE_HEADER": ["sec-websocket-protocol"], "SINGLE_QUERY_ARGUMENT": ["code", "state"]}


def firewall(name: str, opts: pulumi.ResourceOptions) -> aws.wafv2.WebAcl:
    """Make the firewall of a distribution."""
    managed = [_managed(name, title, group, number) for number, (title, group) in enumerate(_MANAGED.items(), 1)]
    return aws.wafv2.WebAcl(
        f"{name}-firewall",
        name=f"{name}-edge",
        description="Before the page and the socket.",
        region=_REGION,
        scope="CLOUDFRONT",
        default_action={"allow": {}},
        rules=[_rate(name), *managed],
        data_protection_config={"data_protections": [_hidden(kind, keys) for kind, keys in _SECRETS.items()]},
        visibility_config=_visibility(f"{name}-edge"),
        opts=opts,
    )


def _rate(name: str) -> aws.wafv2.WebAclRuleArgsDict:
    asked: aws.wafv2.WebAclRuleStatementRateBasedStatementArgsDict = {
        "aggregate_key_type": "IP",
        "limit": _REQUESTS_PER_ADDRESS,
        "evaluation_window_sec": _WINDOW_SECONDS,
    }
    return {
        "name": "rate",
        "priority": 0,
        "action": {"block": {}},
        "statement": {"rate_based_statement": asked},
        "visibility_config": _visibility(f"{name}-rate"),
    }


def _managed(name: str, title: str, group: str, priority: int) -> aws.wafv2.WebAclRuleArgsDict:
    return {
        "name": title,
        "priority": priority,
        "override_action": {"none": {}},
        "statement": {"managed_rule_group_statement": {"name": group, "vendor_name": "AWS"}},
        "visibility_config": _visibility(f"{name}-{title}"),
    }


def _hidden(kind: str, keys: list[str]) -> aws.wafv2.WebAclDataProtectionConfigDataProtectionArgsDict:
    return {"action": "SUBSTITUTION", "field": {"field_type": kind, "field_keys": keys}}


def _visibility(metric: str) -> aws.wafv2.WebAclVisibilityConfigArgsDict:
    return {"cloudwatch_metrics_enabled": True, "metric_name": metric, "sampled_requests_enabled": True}
