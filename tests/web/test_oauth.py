"""The page that signs in elsewhere: it goes with a challenge, comes back with a code, and leaves no code behind."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.server import TO_STRANGERS, token

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    return TO_STRANGERS


class Issuer:
    """Plays the issuer: asks nobody anything, sends everybody back with a code, and gives a token for its verifier."""

    def __init__(self, page: Page, token: str) -> None:
        """Stand between *page* and the addresses that its configuration names."""
        self._token, self.asked, self.error = token, dict[str, str](), ""
        config = {
            "socket": "/ws",
            "sign_in": "oauth",
            "model": {"name": "nova", "language_model": True},
            "voice": False,
        }
        ways = {"authorize": "/oauth/authorize", "token": "/oauth/token", "client": "page", "scope": "openid"}
        page.route("**/config.json", lambda route: route.fulfill(json={**config, "oauth": ways}))
        page.route("**/oauth/authorize*", self._authorize)
        page.route("**/oauth/token", self._exchange)

    def _authorize(self, route: Route) -> None:
        self.asked = dict(parse_qsl(urlsplit(route.request.url).query))
        back = {"state": self.asked["state"], **({"error": self.error} if self.error else {"code": "c-1"})}
        route.fulfill(status=302, headers={"Location": f"{self.asked['redirect_uri']}?{urlencode(back)}"})

    def _exchange(self, route: Route) -> None:
        given = {name: values[0] for name, values in parse_qs(route.request.post_data).items()}
        made = urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).decode().rstrip("=")
        proven = made == self.asked["code_challenge"] and given["redirect_uri"] == self.asked["redirect_uri"]
        whole = proven and given["code"] == "c-1" and given["client_id"] == "page"
        route.fulfill(status=200 if whole else 400, json={"access_token": self._token} if whole else {})


def test_who_signs_in_elsewhere_comes_back_to_the_talk_and_a_reload_keeps_it(page: Page, data: Path) -> None:
    Issuer(page, token(data))
    page.goto("/")
    expect(page.get_by_label("Your token")).to_be_hidden()

    page.get_by_role("button", name="Sign in").click()

    expect(page.locator("#status")).to_have_text("ready")
    assert page.url.endswith("/"), "no code may stay in the address"
    page.reload()
    expect(page.locator("#erase-user")).to_have_text("ana")
    assert set(page.evaluate("Object.keys(sessionStorage)")) == {"open turns", "token"}


def test_who_is_not_let_in_is_told_so_and_may_try_again(page: Page, data: Path) -> None:
    issuer = Issuer(page, token(data))
    issuer.error = "access_denied"
    page.goto("/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#sign-in-elsewhere-words")).to_have_text("You were not signed in. Please try again.")

    issuer.error = ""
    page.get_by_role("button", name="Sign in").click()

    expect(page.locator("#status")).to_have_text("ready")


def test_a_code_that_another_tab_asked_for_is_not_taken(page: Page, data: Path) -> None:
    Issuer(page, token(data))

    page.goto("/?code=c-1&state=planted")

    expect(page.locator("#sign-in-elsewhere-words")).to_contain_text("did not begin in this tab")
    expect(page.locator("#status")).to_have_text("signed out")


def test_a_sign_in_that_has_run_out_is_asked_for_anew(page: Page, data: Path) -> None:
    issuer = Issuer(page, token(data, seconds=-100.0))
    page.goto("/")
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("#sign-in-elsewhere-words")).to_contain_text("Your sign-in has run out")

    page.get_by_role("button", name="Sign in").click()

    expect(page.locator("#sign-in-elsewhere-words")).to_contain_text("Your sign-in has run out")
    assert json.dumps(issuer.asked).count("login") == 1
