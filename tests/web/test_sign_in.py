"""The page where it gets no token by itself: it asks for one, says what is wrong with it, and keeps it in the tab."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.script import opened, said
from tests.web.server import TO_STRANGERS, token

pytestmark = pytest.mark.real


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    return TO_STRANGERS


def _enter(page: Page, token: str) -> None:
    page.get_by_label("Your token").fill(token)
    page.keyboard.press("Enter")


def test_who_has_no_token_is_asked_for_one_and_told_how_to_print_it(page: Page) -> None:
    page.goto("/")

    expect(page.get_by_label("Your token")).to_be_focused()
    expect(page.locator("#sign-in")).to_contain_text("python -m runtime token USER")
    expect(page.locator("#status")).to_have_text("signed out")
    expect(page.get_by_label("Say something")).to_be_hidden()


def test_who_brings_a_token_speaks_as_its_user_and_a_reload_keeps_it(page: Page, data: Path) -> None:
    page.goto("/")
    _enter(page, f" {token(data)}\n")
    expect(said(page, "My boat is called Elsa.")).to_have_attribute("data-phase", "done")

    page.reload()

    expect(page.get_by_text("My boat is called Elsa.", exact=True).first).to_be_visible()
    expect(page.locator("#erase-user")).to_have_text("ana")
    assert "eyJ" not in page.url + page.evaluate("JSON.stringify(localStorage) + document.cookie")


def test_what_is_no_token_is_not_sent(page: Page) -> None:
    page.goto("/")

    _enter(page, "sesame open")

    expect(page.locator("#sign-in-words")).to_have_text(
        "That is no token: one is a single long word with two dots in it."
    )


def test_a_token_that_the_server_refuses_is_asked_for_again(page: Page, data: Path, tmp_path: Path) -> None:
    page.goto("/")
    _enter(page, token(tmp_path))
    expect(page.locator("#sign-in-words")).to_contain_text("The server refuses this token.")

    _enter(page, token(data))

    expect(page.locator("#status")).to_have_text("ready")


def test_a_token_that_had_run_out_is_said_to_have(page: Page, data: Path) -> None:
    page.goto("/")

    _enter(page, token(data, seconds=-100.0))

    expect(page.locator("#sign-in-words")).to_contain_text("That token has run out.")
    assert page.evaluate("sessionStorage.token") is None


def test_a_token_that_runs_out_on_the_way_hides_the_talk_until_the_same_user_has_another(
    page: Page, data: Path
) -> None:
    page.add_init_script(f"sessionStorage.token ??= '{token(data)}'")
    script = opened(page)
    said(page, "Nobody else reads this.")
    script.say("error", code="expired", message="sign in again")
    expect(page.locator("#sign-in-words")).to_contain_text("That token has run out.")
    expect(page.get_by_text("Nobody else reads this.")).to_be_hidden()

    _enter(page, token(data))

    expect(page.get_by_text("Nobody else reads this.")).to_be_visible()


def test_another_users_token_begins_with_another_page(page: Page, data: Path) -> None:
    page.goto("/")
    _enter(page, token(data, "bea"))
    expect(said(page, "I am Bea.")).to_have_attribute("data-phase", "done")
    page.evaluate("sessionStorage.token = 'x'")
    page.reload()
    expect(page.locator("#sign-in-words")).to_contain_text("refuses")

    _enter(page, token(data, "cleo"))

    expect(page.locator("#status")).to_have_text("ready")
    expect(page.locator("#erase-user")).to_have_text("cleo")
    expect(page.get_by_text("I am Bea.")).to_have_count(0)
