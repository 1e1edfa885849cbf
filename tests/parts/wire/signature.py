"""Checks Signature Version 4 as a service does: by signing what arrived again, with botocore's own signer."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.parts.endpoint import Endpoint
from tests.parts.wire.refusal import Refusal

_SKEW = timedelta(minutes=15)
_TIME = "%Y%m%dT%H%M%SZ"
_MISSING = ("MissingAuthenticationTokenException", "Missing Authentication Token")
_UNKNOWN = ("UnrecognizedClientException", "The security token included in the request is invalid.")
_REGION = ("InvalidSignatureException", "Credential should be scoped to a valid region.")
_MISMATCH = (
    "InvalidSignatureException",
    "The request signature we calculated does not match the signature you provided.",
)
_FORBIDDEN = 403


@dataclass(frozen=True)
class Signature:
    """What a caller says of who signed: the key and scope, which headers, and the signature itself."""

    key: str
    region: str
    service: str
    headers: tuple[str, ...]
    hexadecimal: str

    @classmethod
    def read(cls, authorization: str) -> Self:
        """Return what the header Authorization says; refuse one that is missing or of another algorithm."""
        algorithm, _, rest = authorization.partition(" ")
        parts = dict(part.strip().partition("=")[::2] for part in rest.split(","))
        if algorithm != "AWS4-HMAC-SHA256" or parts.keys() != {"Credential", "SignedHeaders", "Signature"}:
            raise Refusal(*_MISSING, _FORBIDDEN)
        key, _, region, service, _ = parts["Credential"].split("/")
        return cls(key, region, service, tuple(parts["SignedHeaders"].split(";")), parts["Signature"])


@dataclass(frozen=True)
class Signed:
    """A request as it arrived, with the URL exactly as it stood on the wire."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes


def check(request: Signed, signature: Signature, by: Endpoint, now: datetime) -> None:
    """Refuse a *request* that nobody who holds the secret of *by* has signed as it is, within the last 15 minutes."""
    if signature.key != by.key:
        raise Refusal(*_UNKNOWN, _FORBIDDEN)
    if signature.region != by.region:
        raise Refusal(*_REGION, _FORBIDDEN)
    stamp = request.headers.get("X-Amz-Date", "")
    expected = _signature(request, signature, by, stamp)
    if not hmac.compare_digest(expected, signature.hexadecimal) or not _is_body_as_hashed(request):
        raise Refusal(*_MISMATCH, _FORBIDDEN)
    _check_age(stamp, now)


def _signature(request: Signed, signature: Signature, by: Endpoint, stamp: str) -> str:
    signer = S3SigV4Auth if signature.service == "s3" else SigV4Auth
    auth = signer(Credentials(by.key, by.secret), signature.service, by.region)
    headers = {name: request.headers.get(name, "") for name in signature.headers}
    copy = AWSRequest(request.method, request.url, headers, request.body)
    copy.context["timestamp"] = stamp
    return str(auth.signature(auth.string_to_sign(copy, auth.canonical_request(copy)), copy))


def _is_body_as_hashed(request: Signed) -> bool:
    said = request.headers.get("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")
    return "UNSIGNED-PAYLOAD" in said or said == hashlib.sha256(request.body).hexdigest()


def _check_age(stamp: str, now: datetime) -> None:
    signed = datetime.strptime(stamp, _TIME).replace(tzinfo=UTC)
    if abs(now - signed) > _SKEW:
        raise Refusal("InvalidSignatureException", f"Signature expired: {stamp} is too far from now.", _FORBIDDEN)
