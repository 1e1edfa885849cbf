"""The page, from the folder `web/` as it was at the start, and what the page needs to know."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Final

from aiohttp import web

from runtime.server.guard import COOKIE

_WEB = Path(__file__).parents[2] / "web"
_KINDS: Final = {
    ".css": "text/css",
    ".html": "text/html",
    ".ico": "image/x-icon",
    ".js": "text/javascript",
    ".json": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes
    kind: str
    tag: str

    def response(self, request: web.Request) -> web.Response:
        """Return the file, or that what the browser has is still good."""
        if any(known.value == self.tag for known in request.if_none_match or ()):
            response = web.Response(status=304)
        else:
            response = self._whole(packed="gzip" in request.headers.get("Accept-Encoding", ""))
        response.etag = self.tag
        response.headers["Vary"] = "Accept-Encoding"
        return response

    def _whole(self, *, packed: bool) -> web.Response:
        charset = "utf-8" if self.kind.startswith("text/") else None
        response = web.Response(body=self.packed if packed else self.body, content_type=self.kind, charset=charset)
        if packed:
            response.headers["Content-Encoding"] = "gzip"
        return response


class Page:
    """Serves `/`, the page's files and `/config.json`; gives the page its token where that is safe."""

    def __init__(self, config: dict[str, object], token: Callable[[], str] | None) -> None:
        """Serve with *config*; no *token*: whoever opens the page has to bring one."""
        self._config, self._token = config, token
        paths = [path for path in _WEB.rglob("*") if path.is_file() and path.suffix in _KINDS]
        self._files = {f"/{path.relative_to(_WEB).as_posix()}": _read(path) for path in paths}
        if "/index.html" in self._files:
            self._files["/"] = self._files["/index.html"]

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Return one file."""
        file = self._files.get(request.path)
        if file is None:
            raise web.HTTPNotFound(text="There is no such page here: the companion is at /\n")
        response = file.response(request)
        if request.path == "/" and self._token is not None:
            response.set_cookie(COOKIE, self._token(), httponly=True, samesite="Strict", path="/")
        return response

    async def configure(self, _: web.Request) -> web.StreamResponse:
        """Return what the page has to know."""
        return web.json_response(self._config)


def _read(path: Path) -> _File:
    body = path.read_bytes()
    packed = gzip.compress(body, mtime=0)
    return _File(body, packed, _KINDS[path.suffix], blake2b(body, digest_size=12).hexdigest())
