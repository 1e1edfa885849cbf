"""Whom this server talks to: names it knows itself by, and handshakes of its own page or with a token.

A page of another site can make a browser ask 127.0.0.1 anything (DNS rebinding, cross-site sockets); the browser then
tells the truth about Host and Origin, so these two decide.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web

from runtime.errors import Unauthorized
from runtime.identity import Identity
from runtime.identity.token import Verifier, bearer
from runtime.ports import Clock

COOKIE = "companion"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "media-src 'self' blob:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}

type_of_handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Guard:
    """Checks every request's Host, adds the headers of a strict page, and tells who opens a socket."""

    def __init__(self, verifier: Verifier, clock: Clock, allowed_hosts: tuple[str, ...]) -> None:
        """Know loopback and *allowed_hosts*."""
        self._verifier, self._clock = verifier, clock
        self._hosts = _LOOPBACK | {host.lower() for host in allowed_hosts}

    @web.middleware
    async def check(self, request: web.Request, handler: type_of_handler) -> web.StreamResponse:
        """Refuse a request for a name that this server does not go by."""
        # Not `request.host`, which asks the machine for its name where a client of old sends none.
        if _name(request.headers.get("Host", "")) not in self._hosts:
            raise web.HTTPMisdirectedRequest(
                text="This server does not go by that name: use http://127.0.0.1, or set ALLOWED_HOSTS.\n"
            )
        return await handler(request)

    async def add_headers(self, _: web.Request, response: web.StreamResponse) -> None:
        """Add the headers, to refusals too."""
        response.headers.update(_HEADERS)

    def identify(self, request: web.Request) -> Identity:
        """Return who opens a socket; raise `Unauthorized` or `Expired`."""
        # What is offered may hold a token: it goes nowhere but into the verifier.
        offered = request.headers.get("Sec-WebSocket-Protocol", "")
        cookie = request.cookies.get(COOKIE, "")
        if cookie and "bearer." not in offered:
            self._own_page(request)
            return self._verifier.verify(cookie, self._clock.now())
        return self._verifier.verify(bearer(offered), self._clock.now())

    def check_origin(self, request: web.Request) -> None:
        """Raise `Unauthorized` for another site's page; who is no browser names no origin."""
        if "Origin" in request.headers:
            self._own_page(request)

    def _own_page(self, request: web.Request) -> None:
        origin = request.headers.get("Origin", "").lower()
        if origin not in {f"http://{request.host.lower()}", f"https://{request.host.lower()}"}:
            raise Unauthorized("this handshake is for the server's own page only")


def _name(host: str) -> str:
    """Return the name in a Host header, without the port."""
    name, _, port = host.lower().rpartition(":")
    return name if name and port.isdigit() else host.lower()
