"""The page and the real server: what is remembered is put right, handed over and gone."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.script import said

pytestmark = pytest.mark.real


def _told(page: Page, text: str) -> None:
    """Open the page and have *text* said and answered."""
    page.goto("/")
    expect(page.locator("#status")).to_have_attribute("data-is", "ready")
    expect(said(page, text)).to_have_attribute("data-phase", "done")


def test_a_memory_put_right_is_so_after_a_reload_in_the_talk_too(page: Page) -> None:
    _told(page, "My aunt Vera plays the zither.")
    page.get_by_role("button", name="Correct: My aunt Vera plays the zither.").press("Enter")

    page.get_by_role("textbox", name="Correct:").fill("My aunt Vera plays the bassoon.")
    page.keyboard.press("Enter")

    expect(page.locator("#turns").get_by_text("My aunt Vera plays the bassoon.", exact=True)).to_be_visible()

    page.reload()

    expect(page.locator("#said").get_by_text("My aunt Vera plays the bassoon.", exact=True)).to_be_visible()
    expect(page.locator("#turns").get_by_text("My aunt Vera plays the bassoon.", exact=True)).to_be_visible()
    expect(page.get_by_text("My aunt Vera plays the zither.", exact=True)).to_have_count(0)


def test_what_the_policy_refuses_is_not_remembered_by_correcting(page: Page) -> None:
    _told(page, "My uncle Olaf keeps bees.")
    page.get_by_role("button", name="Correct: My uncle Olaf keeps bees.").press("Enter")

    page.get_by_role("textbox", name="Correct:").fill("I want to die.")
    page.keyboard.press("Enter")

    expect(page.get_by_role("alert")).to_contain_text("Not changed: ")
    page.keyboard.press("Escape")
    expect(page.locator(".what").get_by_text("My uncle Olaf keeps bees.", exact=True)).to_be_visible()


def test_a_newer_fact_shows_what_it_was(page: Page) -> None:
    _told(page, "I live in Graz.")
    expect(page.locator("#facts").get_by_text("I live in Graz.")).to_be_visible()

    expect(said(page, "I moved to Oslo.")).to_have_attribute("data-phase", "done")

    expect(page.locator("#facts").get_by_text("I live in Oslo.")).to_be_visible()
    expect(page.get_by_role("button", name="was Graz")).to_be_visible()


def test_the_export_holds_what_was_said_and_comes_once_in_ten_minutes(page: Page) -> None:
    _told(page, "My boat is called Halcyon.")
    with page.expect_download() as download:
        page.get_by_role("button", name="export").click()
    lines = [json.loads(line) for line in Path(download.value.path()).read_text().splitlines()]
    assert any("Halcyon" in json.dumps(line) for line in lines)

    page.get_by_role("button", name="export").click()

    expect(page.locator("#copy-words")).to_contain_text(re.compile(r"it can be done again at \d\d:\d\d"))


def test_everything_erased_is_told_and_gone_after_a_reload(page: Page) -> None:
    _told(page, "My secret garden is behind the mill.")
    page.get_by_role("button", name="erase all").click()
    dialog = page.get_by_role("dialog", name="Eras")
    dialog.get_by_role("textbox").fill("local")
    dialog.get_by_role("button", name="Erase everything").click()
    expect(dialog).to_contain_text("nothing is left")
    expect(dialog.get_by_role("row", name="Memories")).to_be_visible()

    page.reload()

    expect(page.get_by_role("heading", name="Tell me something")).to_be_visible()
    expect(page.locator("#memory-state")).to_contain_text("Nothing yet")
