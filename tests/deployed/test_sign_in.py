"""The stand-in for the pool's pages: a code is good once, for whoever has what its challenge was made of."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qsl, urlsplit

import jwt
import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from tests.deployed.people import Pool
from tests.deployed.sign_in import SignIn
from tests.parts.given import client
from tests.parts.moto import Moto

pytestmark = pytest.mark.real
VERIFIER = "a-verifier-that-nobody-guesses"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")
Browser = TestClient[web.Request, web.Application]


@asynccontextmanager
async def browsing(moto: Moto) -> AsyncIterator[tuple[Browser, str]]:
    """Serve the pages of a pool; yield who looks at them, and the page's client of the pool."""
    async with client("cognito-idp", moto) as people:
        pool = (await people.create_user_pool(PoolName="people", UsernameAttributes=["email"]))["UserPool"]["Id"]
        made = await people.create_user_pool_client(UserPoolId=pool, ClientName="page")
    app, page = web.Application(), made["UserPoolClient"]["ClientId"]
    app.add_routes(SignIn(Pool(moto, pool, page)).routes())
    async with TestClient(TestServer(app)) as browser:
        yield browser, page


async def code(browser: Browser) -> str:
    """Say who it is; return the code that the page gets."""
    said = {"user": "ana", "back": str(browser.make_url("/")), "state": "s", "challenge": CHALLENGE}
    answer = await browser.post("/oauth2/authorize", data=said, allow_redirects=False)
    told = dict(parse_qsl(urlsplit(answer.headers["Location"]).query))
    assert told["state"] == "s"
    return told["code"]


async def test_a_code_and_its_verifier_become_a_token_of_the_pool_once(moto: Moto) -> None:
    async with browsing(moto) as (browser, page):
        proof = {"code": await code(browser), "code_verifier": VERIFIER}

        given = await (await browser.post("/oauth2/token", data=proof)).json()
        again = await browser.post("/oauth2/token", data=proof)

    claims = jwt.decode(given["access_token"], options={"verify_signature": False})
    assert (claims["client_id"], claims["token_use"]) == (page, "access")
    assert again.status == 400


async def test_a_code_without_its_verifier_is_worth_nothing(moto: Moto) -> None:
    async with browsing(moto) as (browser, _):
        stolen = {"code": await code(browser), "code_verifier": "another"}

        assert (await browser.post("/oauth2/token", data=stolen)).status == 400


@pytest.mark.parametrize("wrong", [{"client_id": "another"}, {"redirect_uri": "https://elsewhere.example/"}])
async def test_nobody_is_sent_elsewhere(moto: Moto, wrong: dict[str, str]) -> None:
    async with browsing(moto) as (browser, page):
        here = str(browser.make_url("/"))
        asked = {"client_id": page, "redirect_uri": here, "state": "s", "code_challenge": CHALLENGE}

        assert (await browser.get("/oauth2/authorize", params=asked)).status == 200
        assert (await browser.get("/oauth2/authorize", params={**asked, **wrong})).status == 400
