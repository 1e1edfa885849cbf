"""Amazon Transcribe, invited by the page itself: what is made here is only the address, signed for some minutes.

The address is the permission: whoever has it may stream one language's audio at the deployment's cost until it expires.
It goes to the one who asked, over their own connection, and into no log.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

from botocore.auth import SIGV4_TIMESTAMP, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials

from runtime.adapters.aws.errors import translated
from runtime.conversation import Invitation
from runtime.errors import NotOffered
from runtime.ports import Clock

SECONDS: Final = 300
RATE: Final = 16_000

Identity = Callable[[], Awaitable[ReadOnlyCredentials]]


class TranscribeRecogniser:
    """Signs addresses in *region* for *languages*, as who *identity* says this process is just now."""

    def __init__(self, identity: Identity, region: str, languages: Sequence[str], clock: Clock) -> None:
        self._identity, self._region, self._languages, self._clock = identity, region, languages, clock

    async def invite(self, user: str, language: str) -> Invitation:
        """Return an address for five minutes; a stream that has begun may go on."""
        if language not in self._languages:
            raise NotOffered(f"{language} is not understood here; {', '.join(self._languages)} is")
        with translated("the recogniser"):
            credentials = await self._identity()
        now = self._clock.now()
        return Invitation(presigned(credentials, self._region, language, now), now + SECONDS)


def presigned(credentials: ReadOnlyCredentials, region: str, language: str, now: float) -> str:
    """Return the address of a WebSocket that understands *language*, signed at *now* for `SECONDS`."""
    signer = SigV4QueryAuth(credentials, "transcribe", region)
    request = AWSRequest(
        "GET", f"https://transcribestreaming.{region}.amazonaws.com:8443/stream-transcription-websocket"
    )
    request.context["timestamp"] = datetime.fromtimestamp(now, UTC).strftime(SIGV4_TIMESTAMP)
    token = {"X-Amz-Security-Token": credentials.token} if credentials.token else {}
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": signer.scope(request),
        "X-Amz-Date": request.context["timestamp"],
        "X-Amz-Expires": SECONDS,
        **token,
        "X-Amz-SignedHeaders": "host",
        "enable-partial-results-stabilization": "true",
        "language-code": language,
        "media-encoding": "pcm",
        "partial-results-stability": "high",
        "sample-rate": RATE,
    }
    request.url = f"{request.url}?{urlencode(query, quote_via=quote, safe='')}"
    signature = signer.signature(signer.string_to_sign(request, signer.canonical_request(request)), request)
    return f"wss{request.url.removeprefix('https')}&X-Amz-Signature={signature}"
