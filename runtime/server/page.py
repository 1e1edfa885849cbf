"""The page and what it needs to know, from the folder `web/`."""

from __future__ import annotations

import mimetypes
from pathlib import Path

from aiohttp import web

from runtime.server.guard import COOKIE

_WEB = Path(__file__).parents[2] / "web"


class Page:
    """Serves `/`, the page's files and `/config.json`; gives the page its token where that is safe."""

    def __init__(self, config: dict[str, object], token: str | None) -> None:
        """Serve with *config*; no *token*: whoever opens the page has to bring one."""
        self._config, self._token = config, token
        self._files = {f"/{path.relative_to(_WEB).as_posix()}": path for path in _WEB.rglob("*") if path.is_file()}
        self._files["/"] = _WEB / "index.html"

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Return one file; only files that were there at the start exist."""
        path = self._files.get(request.path)
        if path is None:
            raise web.HTTPNotFound(text="There is no such page here: the companion is at /\n")
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        response = web.Response(body=path.read_bytes(), content_type=kind, charset="utf-8")
        if request.path == "/" and self._token is not None:
            response.set_cookie(COOKIE, self._token, httponly=True, samesite="Strict", path="/")
        return response

    async def configure(self, _: web.Request) -> web.StreamResponse:
        """Return what the page has to know."""
        return web.json_response(self._config)
