"""The laptop's edge: one port for the page, the socket and a health check."""

from __future__ import annotations

import errno
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiohttp import web

from runtime.adapters.local.recognition import recogniser
from runtime.bootstrap.laptop import App
from runtime.errors import Misconfigured
from runtime.server.guard import Guard
from runtime.server.page import Page
from runtime.server.socket import Socket
from runtime.server.transcription.microphone import Microphone
from runtime.settings.laptop import Settings

_TOKEN_SECONDS = 30 * 86_400.0
_USER = "local"
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where one listens, and where one finds it.
_BY_HAND = "The page gets no token by itself here: python -m runtime token USER prints one.\n"
_BY_NAME = "By another name than loopback it answers with ALLOWED_HOSTS=NAME only.\n"
_CONNECT = "OPENAI_BASE_URL=http://127.0.0.1:11434/v1 MODEL=llama3.2 make run"
_SHUTDOWN_SECONDS = 0.5  # The sockets are closed by then.


@asynccontextmanager
async def listening(app: App) -> AsyncIterator[str]:
    """Listen for the length of the block; yield the address."""
    runner = web.AppRunner(_application(app), access_log=None, shutdown_timeout=_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await _bind(web.TCPSite(runner, app.settings.host, app.settings.port), app.settings)
        yield _address(*runner.addresses[0][:2])
    finally:
        await runner.cleanup()


def advice(settings: Settings) -> str:
    """Return what one has to know besides the address, in lines: on loopback nothing."""
    if settings.host in _LOOPBACK:
        return ""
    return _BY_HAND if settings.allowed_hosts else _BY_HAND + _BY_NAME


def _address(host: str, port: int) -> str:
    host = _EVERYWHERE.get(host, host)
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


async def _bind(site: web.TCPSite, settings: Settings) -> None:
    try:
        await site.start()
    except (OSError, UnicodeError) as error:
        taken = isinstance(error, OSError) and error.errno == errno.EADDRINUSE
        why = "something else listens there" if taken else "nothing can listen there"
        instead = "stop that, or take another one: PORT=8081" if taken else "HOST=127.0.0.1 and a PORT above 1023"
        raise Misconfigured(
            f"got: HOST={settings.host} PORT={settings.port}; why not: {why}; instead: {instead}"
        ) from error


def _application(app: App) -> web.Application:
    guard = Guard(app.verifier, app.clock, app.settings.allowed_hosts)
    page = Page(_config(app), _token(app))
    microphone = Microphone(app.recogniser, guard, app.ids)
    application = web.Application(middlewares=[guard.check])
    application.on_shutdown.append(microphone.close_all)
    application.on_response_prepare.append(guard.add_headers)
    application.add_routes(
        [
            web.get("/ws", Socket(app.companion.desk, app.connections, guard).serve),
            web.get(recogniser.PATH, microphone.serve),
            web.get("/healthz", _health(app)),
            web.get("/config.json", page.configure),
            web.get("/{path:.*}", page.serve),
        ]
    )
    return application


def _config(app: App) -> dict[str, object]:
    model = {"name": app.settings.model or "offline", "language_model": bool(app.settings.model), "connect": _CONNECT}
    own = app.settings.host in _LOOPBACK
    speaker = {"sign_in": "cookie", "user": _USER} if own else {"sign_in": "token"}
    return {"socket": "/ws", **speaker, "model": model, "voice": app.voiced, "languages": recogniser.LANGUAGES}


def _token(app: App) -> Callable[[], str] | None:
    """Return what makes the page's tokens: nothing where other machines could open the page."""
    if app.settings.host not in _LOOPBACK:
        return None
    return lambda: app.key.token(_USER, app.clock.now(), _TOKEN_SECONDS)


def _health(app: App) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def health(_: web.Request) -> web.StreamResponse:
        return web.json_response({"status": "ok", "waiting": await app.stores.turns.depth()})

    return health
