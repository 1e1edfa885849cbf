"""Addresses of Transcribe's: what they ask for, and a signature that is made here once more, by hand."""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore.credentials import ReadOnlyCredentials

from runtime.adapters.aws.transcribe import TranscribeRecogniser, presigned
from runtime.conversation import Invitation
from runtime.errors import NotOffered
from tests.virtual_time import LoopClock

CREDENTIALS = ReadOnlyCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "to/ken==")
NOW = 1_795_000_000.0


async def identity() -> ReadOnlyCredentials:
    return CREDENTIALS


def signature(url: str) -> str:
    """Sign *url* by the recipe of Signature Version 4 for a request by GET without a body."""
    parts, secret = urlsplit(url), CREDENTIALS.secret_key
    query = "&".join(sorted(pair for pair in parts.query.split("&") if not pair.startswith("X-Amz-Signature=")))
    nothing = hashlib.sha256(b"").hexdigest()
    canonical = f"GET\n{parts.path}\n{query}\nhost:{parts.netloc}\n\nhost\n{nothing}"
    date, scope = "20261118T110640Z", "20261118/eu-west-1/transcribe/aws4_request"
    told = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for step in (*scope.split("/"), told):
        key = hmac.digest(key, step.encode(), "sha256")
    return key.hex()


def test_the_address_asks_for_what_the_page_streams() -> None:
    url = urlsplit(presigned(CREDENTIALS, "eu-west-1", "en-US", NOW))
    asked = dict(parse_qsl(url.query))

    assert f"{url.scheme}://{url.netloc}{url.path}" == (
        "wss://transcribestreaming.eu-west-1.amazonaws.com:8443/stream-transcription-websocket"
    )
    assert (asked["language-code"], asked["media-encoding"], asked["sample-rate"]) == ("en-US", "pcm", "16000")
    assert asked["enable-partial-results-stabilization"] == "true"
    assert (asked["X-Amz-Expires"], asked["X-Amz-Date"]) == ("300", "20261118T110640Z")
    assert asked["X-Amz-Security-Token"] == "to/ken=="
    assert asked["X-Amz-Credential"] == "AKIAIOSFODNN7EXAMPLE/20261118/eu-west-1/transcribe/aws4_request"


def test_the_address_is_signed() -> None:
    url = presigned(CREDENTIALS, "eu-west-1", "en-US", NOW)

    assert dict(parse_qsl(url))["X-Amz-Signature"] == signature(url)


def test_the_same_is_signed_alike_and_nothing_else_is() -> None:
    same, other = (presigned(CREDENTIALS, "eu-west-1", "en-US", at) for at in (NOW, NOW + 1))

    assert same == presigned(CREDENTIALS, "eu-west-1", "en-US", NOW)
    assert signature(other) not in same


async def test_an_invitation_says_until_when_it_holds() -> None:
    clock = LoopClock(NOW)
    invitation = await TranscribeRecogniser(identity, "eu-west-1", ("en-US",), clock).invite("ana", "en-US")

    assert invitation == Invitation(presigned(CREDENTIALS, "eu-west-1", "en-US", NOW), NOW + 300)


async def test_a_language_that_is_not_configured_is_refused() -> None:
    with pytest.raises(NotOffered, match="de-DE is not understood here; en-US, en-GB is"):
        await TranscribeRecogniser(identity, "eu-west-1", ("en-US", "en-GB"), LoopClock()).invite("ana", "de-DE")
