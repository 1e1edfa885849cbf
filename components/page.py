"""The page: the files of `web/` in a bucket that CloudFront alone may read, and what the page has to know beside them.

Whoever shows the page asks each time whether it changed, as they ask a laptop. So a deployment shows at once, and there
is nothing to invalidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from components import policies
from components.function import Platform
from components.refusal import Misconfigured

_WEB = Path(__file__).parents[1] / "web"
_FIRST = "index.html"
_TEXT = "; charset=utf-8"
KINDS: Mapping[str, str] = {
    ".css": f"text/css{_TEXT}",
    ".html": f"text/html{_TEXT}",
    ".ico": "image/x-icon",
    ".js": f"text/javascript{_TEXT}",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": f"text/plain{_TEXT}",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_ASK_AGAIN = "no-cache"
_OLD_DAYS = 30


class Page(pulumi.ComponentResource):
    """The bucket, at *host* for CloudFront, and what is in it."""

    bucket: pulumi.Output[str]
    host: pulumi.Output[str]

    def __init__(
        self, name: str, platform: Platform, *, web: Path = _WEB, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("companion:index:Page", name, None, opts)
        self._name, self._child = name, pulumi.ResourceOptions(parent=self)
        bucket, self._closed = _bucket(name, platform, self._child)
        self.bucket, self._arn, self.host = bucket.bucket, bucket.arn, bucket.bucket_regional_domain_name
        _upload(name, bucket, files(web), self._child)
        self.register_outputs({"bucket": self.bucket, "host": self.host})

    def admit(self, distribution: pulumi.Input[str]) -> None:
        """Let the *distribution* of this ARN read the bucket, and see what is not in it: a 404 then, and no 403."""
        aws.s3.BucketPolicy(
            f"{self._name}-policy",
            bucket=self.bucket,
            policy=pulumi.Output.json_dumps(_readers(self._arn, distribution)),
            opts=pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(depends_on=[self._closed])),
        )

    def tell(self, config: pulumi.Input[Mapping[str, Any]]) -> None:
        """Put what the page has to know beside it."""
        aws.s3.BucketObjectv2(
            f"{self._name}-config",
            bucket=self.bucket,
            key="config.json",
            content=pulumi.Output.json_dumps(config),
            content_type=KINDS[".json"],
            cache_control=_ASK_AGAIN,
            opts=self._child,
        )


def files(web: Path) -> dict[str, Path]:
    """Return the page's files by their paths; raise `Misconfigured` for one of a kind that is not known."""
    found = {path.relative_to(web).as_posix(): path for path in sorted(web.rglob("*")) if path.is_file()}
    strange = [key for key in found if Path(key).suffix not in KINDS]
    if strange or _FIRST not in found:
        raise Misconfigured.because(
            got=", ".join(strange) or f"no {_FIRST} in {web}",
            why=f"a page is made of {', '.join(sorted(KINDS))}, and begins with {_FIRST}",
            instead=f"move what is not the page's out of {web}, or give its kind in components/page.py",
        )
    return found


def _bucket(
    name: str, platform: Platform, opts: pulumi.ResourceOptions
) -> tuple[aws.s3.Bucket, aws.s3.BucketPublicAccessBlock]:
    """Make the bucket; everybody may read what is in it, so the service's own key encrypts it."""
    bucket = aws.s3.Bucket(
        f"{name}-bucket",
        bucket=f"{name}-{platform.account}-{platform.region}",
        force_destroy=True,
        opts=opts,
    )
    closed = aws.s3.BucketPublicAccessBlock(
        f"{name}-closed",
        bucket=bucket.bucket,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    _encrypt(name, bucket, opts)
    _keep_versions(name, bucket, opts)
    return bucket, closed


def _encrypt(name: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions) -> None:
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.bucket,
        rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
        opts=opts,
    )


def _keep_versions(name: str, bucket: aws.s3.Bucket, opts: pulumi.ResourceOptions) -> None:
    """Keep what was there for a while, so that what somebody overwrites by hand can be had back."""
    versions = aws.s3.BucketVersioning(
        f"{name}-versions",
        bucket=bucket.bucket,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        opts=opts,
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-old",
        bucket=bucket.bucket,
        rules=[
            aws.s3.BucketLifecycleConfigurationRuleArgs(
                id="old",
                status="Enabled",
                filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                    noncurrent_days=_OLD_DAYS
                ),
            )
        ],
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[versions])),
    )


def _readers(bucket: pulumi.Output[str], distribution: pulumi.Input[str]) -> policies.Document:
    ours = {"StringEquals": {"AWS:SourceArn": distribution}}
    cloudfront = {"Service": "cloudfront.amazonaws.com"}
    inside = pulumi.Output.concat(bucket, "/*")
    return policies.document(
        policies.grant(cloudfront, ["s3:GetObject"], inside, when=ours),
        policies.grant(cloudfront, ["s3:ListBucket"], bucket, when=ours),
        policies.refuse(["s3:*"], bucket, inside, when={"Bool": {"aws:SecureTransport": "false"}}),
    )


def _upload(name: str, bucket: aws.s3.Bucket, found: Mapping[str, Path], opts: pulumi.ResourceOptions) -> None:
    """Upload what was *found*, the first file last: what it names is there by then."""
    named = [_object(name, bucket, key, path, opts) for key, path in found.items() if key != _FIRST]
    after = pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=named))
    _object(name, bucket, _FIRST, found[_FIRST], after)


def _object(
    name: str, bucket: aws.s3.Bucket, key: str, path: Path, opts: pulumi.ResourceOptions
) -> aws.s3.BucketObjectv2:
    return aws.s3.BucketObjectv2(
        f"{name}-{key}",
        bucket=bucket.bucket,
        key=key,
        source=pulumi.FileAsset(str(path)),
        content_type=KINDS[path.suffix],
        cache_control=_ASK_AGAIN,
        opts=opts,
    )
