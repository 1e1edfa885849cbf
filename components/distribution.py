"""What people reach: one address for the page and the socket, by HTTPS alone, with the headers of a strict page.

The headers are those of a laptop's page (`runtime/server/guard.py`), but for the addresses that only this home has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pulumi
import pulumi_aws as aws

from components.configuration import Edge as Settings
from components.routes import STAGE
from components.socket import KEY_HEADER

SOCKET_PATH = "/ws"

# Policies that AWS manages: "Using the managed cache policies" and "... origin request policies", CloudFront's guide.
_CACHED = "658327ea-f89d-4fab-a63d-7e88639e58f6"
_NOT_CACHED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
_ALL_BUT_HOST = "b689b0a8-53d0-40ab-baf2-68738e2966ac"

_SOCKET_CODE = Path(__file__).parent / "socket_path.js"
_ASKED = ("GET", "HEAD")
# CloudFront would repeat these to everybody for ten seconds, whatever the cache policy.
_FAILURES = (400, 403, 404, 500, 502, 503, 504)
_TWO_YEARS = 63_072_000
_HEADERS = {"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin"}


@dataclass(frozen=True, kw_only=True)
class Origins:
    """Where what is shown comes from: the page's bucket, and the socket's API with the key that opens it."""

    page: pulumi.Input[str]
    socket: pulumi.Input[str]
    key: pulumi.Input[str]


def content_policy(*connects: str) -> str:
    """Return what a page may load: what is its own, and connections to *connects*."""
    reached = " ".join(("'self'", *connects))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src {reached}; "
        "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )


def headers(
    name: str, connects: pulumi.Input[Sequence[str]], opts: pulumi.ResourceOptions
) -> aws.cloudfront.ResponseHeadersPolicy:
    """Make the headers of every answer; the page may connect to itself and to *connects*."""
    allowed = pulumi.Output.from_input(connects).apply(lambda addresses: content_policy(*addresses))
    return aws.cloudfront.ResponseHeadersPolicy(
        f"{name}-headers",
        name=f"{name}-page",
        comment="The headers of a strict page.",
        security_headers_config=_security(allowed),
        custom_headers_config=aws.cloudfront.ResponseHeadersPolicyCustomHeadersConfigArgs(
            items=[
                aws.cloudfront.ResponseHeadersPolicyCustomHeadersConfigItemArgs(header=key, value=value, override=True)
                for key, value in _HEADERS.items()
            ]
        ),
        opts=opts,
    )


def _security(allowed: pulumi.Input[str]) -> aws.cloudfront.ResponseHeadersPolicySecurityHeadersConfigArgsDict:
    """Return them as plain values, whose classes have names of eighty letters."""
    return {
        "content_security_policy": {"content_security_policy": allowed, "override": True},
        "content_type_options": {"override": True},
        "frame_options": {"frame_option": "DENY", "override": True},
        "referrer_policy": {"referrer_policy": "no-referrer", "override": True},
        "strict_transport_security": {"access_control_max_age_sec": _TWO_YEARS, "override": True},
    }


def distribution(
    name: str,
    settings: Settings,
    origins: Origins,
    *,
    headers: aws.cloudfront.ResponseHeadersPolicy,
    firewall: pulumi.Input[str] | None,
    opts: pulumi.ResourceOptions,
) -> aws.cloudfront.Distribution:
    """Make the distribution, behind the *firewall* of that ARN if there is one."""
    return aws.cloudfront.Distribution(
        f"{name}-distribution",
        comment=f"{name}: the page, and the socket at {SOCKET_PATH}.",
        enabled=True,
        is_ipv6_enabled=True,
        http_version="http2and3",
        price_class=settings.price_class,
        aliases=[settings.domain] if settings.domain else None,
        default_root_object="index.html",
        origins=[_page(name, origins, opts), _socket(origins)],
        default_cache_behavior=aws.cloudfront.DistributionDefaultCacheBehaviorArgs(
            target_origin_id="page",
            viewer_protocol_policy="redirect-to-https",
            allowed_methods=_ASKED,
            cached_methods=_ASKED,
            compress=True,
            cache_policy_id=_CACHED,
            response_headers_policy_id=headers.id,
        ),
        ordered_cache_behaviors=[_handshake(name, headers, opts)],
        custom_error_responses=[{"error_code": code, "error_caching_min_ttl": 0} for code in _FAILURES],
        restrictions={"geo_restriction": {"restriction_type": "none"}},
        viewer_certificate=_certificate(settings),
        web_acl_id=firewall,
        opts=opts,
    )


def _page(name: str, origins: Origins, opts: pulumi.ResourceOptions) -> aws.cloudfront.DistributionOriginArgs:
    signed = aws.cloudfront.OriginAccessControl(
        f"{name}-page-access",
        name=f"{name}-page",
        description="CloudFront reads the page's bucket in its own name.",
        origin_access_control_origin_type="s3",
        signing_behavior="always",
        signing_protocol="sigv4",
        opts=opts,
    )
    return aws.cloudfront.DistributionOriginArgs(
        origin_id="page", domain_name=origins.page, origin_access_control_id=signed.id
    )


def _socket(origins: Origins) -> aws.cloudfront.DistributionOriginArgs:
    return aws.cloudfront.DistributionOriginArgs(
        origin_id="socket",
        domain_name=origins.socket,
        origin_path=f"/{STAGE}",
        custom_headers=[aws.cloudfront.DistributionOriginCustomHeaderArgs(name=KEY_HEADER, value=origins.key)],
        custom_origin_config=aws.cloudfront.DistributionOriginCustomOriginConfigArgs(
            http_port=80, https_port=443, origin_protocol_policy="https-only", origin_ssl_protocols=["TLSv1.2"]
        ),
    )


def _handshake(
    name: str, headers: aws.cloudfront.ResponseHeadersPolicy, opts: pulumi.ResourceOptions
) -> aws.cloudfront.DistributionOrderedCacheBehaviorArgs:
    code = aws.cloudfront.Function(
        f"{name}-socket-path",
        name=f"{name}-socket-path",
        comment="The socket is at the stage's own path.",
        runtime="cloudfront-js-2.0",
        code=_SOCKET_CODE.read_text(),
        publish=True,
        opts=opts,
    )
    return aws.cloudfront.DistributionOrderedCacheBehaviorArgs(
        path_pattern=SOCKET_PATH,
        target_origin_id="socket",
        viewer_protocol_policy="https-only",
        allowed_methods=_ASKED,
        cached_methods=_ASKED,
        cache_policy_id=_NOT_CACHED,
        origin_request_policy_id=_ALL_BUT_HOST,
        response_headers_policy_id=headers.id,
        function_associations=[
            aws.cloudfront.DistributionOrderedCacheBehaviorFunctionAssociationArgs(
                event_type="viewer-request", function_arn=code.arn
            )
        ],
    )


def _certificate(settings: Settings) -> aws.cloudfront.DistributionViewerCertificateArgs:
    """Return the certificate of the page's own name; with CloudFront's name its own, which says what TLS there is."""
    if not settings.domain:
        return aws.cloudfront.DistributionViewerCertificateArgs(cloudfront_default_certificate=True)
    return aws.cloudfront.DistributionViewerCertificateArgs(
        acm_certificate_arn=settings.certificate_arn,
        minimum_protocol_version="TLSv1.2_2021",
        ssl_support_method="sni-only",
    )
