"""Whom the clients of a process trust, read once: as the first of them opens, and not while somebody waits.

The SDK reads all authorities for each client anew, at its first call: 20 ms of the processor's each time. That it can
be told otherwise is not documented (aiobotocore 3.10), so a test holds it to this.
"""

from __future__ import annotations

from functools import cache
from ssl import SSLContext
from typing import Any

from aiobotocore.httpsession import AIOHTTPSession


class TrustingSession(AIOHTTPSession):
    """Sends a client's calls, with the same trust as all others of the process."""

    async def __aenter__(self) -> Any:  # noqa: ANN401 - the SDK's own.
        opened = await super().__aenter__()
        self._build_verify_context()
        return opened

    def _build_verify_context(self) -> SSLContext:
        return _trusted(self._verify)  # type: ignore[attr-defined]  # The stubs leave it out, here and below.


@cache
def _trusted(verify: bool) -> SSLContext:  # noqa: FBT001 - the SDK's own.
    context: SSLContext = AIOHTTPSession(verify=verify)._build_verify_context()  # type: ignore[attr-defined]  # noqa: SLF001
    return context
