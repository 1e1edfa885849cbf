"""The user pool's pages, played: whoever says who they are gets a code, and for its verifier a token of the pool's."""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

from aiohttp import web

from tests.deployed.people import Pool

_AUTHORIZE, _TOKEN = "/oauth2/authorize", "/oauth2/token"
_PAGE = """<!doctype html><meta name="viewport" content="width=device-width"><title>Sign in</title>
<form method="post"><label>Who are you? <input name="user" pattern="[a-z]+" required autofocus></label>
<input type="hidden" name="back" value="{back}"><input type="hidden" name="state" value="{state}">
<input type="hidden" name="challenge" value="{challenge}"><button>Sign in</button></form>"""


@dataclass
class SignIn:
    """Signs people in to *pool*; *codes* were given and not yet taken back, each with its challenge and the person."""

    pool: Pool
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def routes(self) -> list[web.RouteDef]:
        """Return where this answers."""
        return [web.get(_AUTHORIZE, self.ask), web.post(_AUTHORIZE, self.enter), web.post(_TOKEN, self.token)]

    def addresses(self, here: str) -> dict[str, str]:
        """Return what a page that is served from *here* has to know."""
        return {"authorize": f"{here}{_AUTHORIZE}", "token": f"{here}{_TOKEN}"}

    async def ask(self, request: web.Request) -> web.Response:
        """Ask who it is."""
        asked = request.query
        here = str(request.url.origin())
        if asked["client_id"] != self.pool.client or not asked["redirect_uri"].startswith(f"{here}/"):
            return web.Response(status=400, text="That client or that address is not this page's.")
        told = {"back": asked["redirect_uri"], "state": asked["state"], "challenge": asked["code_challenge"]}
        return web.Response(
            text=_PAGE.format(**{key: escape(one) for key, one in told.items()}), content_type="text/html"
        )

    async def enter(self, request: web.Request) -> web.Response:
        """Send them back with a code."""
        said = await request.post()
        code = secrets.token_urlsafe()
        self.codes[code] = str(said["challenge"]), str(said["user"])
        back, query = str(said["back"]), urlencode({"code": code, "state": str(said["state"])})
        raise web.HTTPFound(f"{back}?{query}")

    async def token(self, request: web.Request) -> web.Response:
        """Give a token for a code and what its challenge was made of."""
        said = await request.post()
        challenge, user = self.codes.pop(str(said["code"]), ("", ""))
        digest = hashlib.sha256(str(said["code_verifier"]).encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != challenge:
            return web.json_response({"error": "invalid_grant"}, status=400)
        person = await self.pool.sign_in(user)
        return web.json_response({"access_token": person.token, "token_type": "Bearer", "expires_in": 3600})
