"""The page and the real server: what a newcomer does in the first five minutes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.server import Server

pytestmark = pytest.mark.real


def _say(page: Page, text: str) -> Locator:
    """Say *text* and return its turn, answered."""
    page.get_by_label("Say something").fill(text)
    page.keyboard.press("Enter")
    turn = page.locator(".turn").last
    expect(turn.locator(".said p")).to_have_text(text)
    expect(turn).to_have_attribute("data-phase", "done")
    return turn


def _open(page: Page) -> None:
    page.goto("/")
    expect(page.locator("#status")).to_have_attribute("data-is", "ready")


def test_what_was_said_is_there_after_a_reload_and_is_recalled(page: Page) -> None:
    _open(page)
    _say(page, "My brother Tom moved to Lisbon.")

    page.reload()

    expect(page.get_by_text("My brother Tom moved to Lisbon.", exact=True).first).to_be_visible()
    expect(_say(page, "Where does my brother live now?").locator(".prose")).to_contain_text("Lisbon")


def test_an_answer_shows_its_inside(page: Page) -> None:
    _open(page)
    turn = _say(page, "My cat Miso sleeps all day.")
    expect(turn.locator("summary")).to_contain_text(re.compile(r"\d ms to first word"))

    turn.locator("summary").click()

    expect(turn.get_by_role("row", name=re.compile("model, first token"))).to_be_visible()
    expect(turn.get_by_text("Critical path to the first word")).to_be_visible()
    expect(turn.locator(".tokens")).to_contain_text("tokens in")


def test_what_was_recalled_is_shown_with_the_reason(page: Page) -> None:
    _open(page)
    _say(page, "My friend Ada plays the cello.")
    turn = _say(page, "What does my friend Ada play?")

    turn.locator("summary").click()

    expect(turn.locator(".recalled")).to_contain_text("My friend Ada plays the cello.")
    expect(turn.locator(".recalled")).to_contain_text("found by its words")


def test_what_is_said_appears_among_the_memories_and_can_be_searched(page: Page) -> None:
    _open(page)
    _say(page, "The key lies under the blue pot.")
    memories = page.get_by_role("complementary", name="What I remember")
    expect(memories).to_contain_text("The key lies under the blue pot.")

    page.get_by_role("heading", name="Companion").click()
    page.keyboard.press("/")
    page.keyboard.type("zeppelin")

    expect(memories).to_contain_text("Nothing fits “zeppelin”.")


def test_what_is_forgotten_while_leaving_is_gone(page: Page) -> None:
    _open(page)
    _say(page, "My locker has the number 4711.")
    page.get_by_role("button", name="Forget: My locker has the number 4711.").click(force=True)
    expect(page.get_by_text("with what was made of it")).to_be_visible()

    page.reload()

    expect(page.locator("#memory-state")).not_to_have_text("Looking")
    expect(page.get_by_text("My locker has the number 4711.", exact=True)).to_have_count(0)


def test_off_the_record_nothing_is_remembered(page: Page) -> None:
    _open(page)
    page.get_by_role("button", name="off the record").click()
    turn = _say(page, "I never liked the purple sofa.")
    expect(turn.get_by_text("off the record")).to_be_visible()
    page.get_by_role("button", name="off the record").click()
    _say(page, "The weather is fine.")
    expect(page.locator("#said")).to_contain_text("The weather is fine.")

    expect(page.locator("#said")).not_to_contain_text("purple sofa")


def test_the_browser_keeps_nothing_of_the_talk(page: Page) -> None:
    _open(page)
    _say(page, "This stays on the server.")

    kept = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])")

    assert kept == '[{},{"open turns":"[]"},""]'


def test_text_is_never_markup(page: Page) -> None:
    _open(page)

    turn = _say(page, 'Remember <img src="x" onerror="document.title=1"> and <b>this</b>.')

    expect(turn.locator("img, b:not(.bar, .swatch, .axis b)")).to_have_count(0)


def test_crisis_language_is_met_with_numbers_to_call(page: Page) -> None:
    _open(page)

    turn = _say(page, "I want to die.")

    expect(turn.get_by_role("note").get_by_role("link", name="112")).to_have_attribute("href", "tel:112")


def test_what_was_answered_survives_the_death_of_the_server(page: Page, server: Server) -> None:
    _open(page)
    _say(page, "My bicycle is orange.")
    server.kill()
    expect(page.locator("#trouble-words")).to_contain_text(re.compile(r"Connection lost, trying again in \d+ s"))

    server.start()

    expect(page.locator("#status")).to_have_attribute("data-is", "ready")
    _say(page, "I am back.")


def test_on_a_phone_the_memories_are_a_sheet_that_escape_closes(visit: Callable[..., Page]) -> None:
    page = visit(viewport={"width": 390, "height": 844}, has_touch=True)
    _open(page)
    sheet = page.get_by_role("dialog", name="What I remember")
    expect(sheet).to_have_count(0)

    page.get_by_role("button", name="memory", exact=True).click()
    expect(sheet).to_be_visible()
    page.keyboard.press("Escape")

    expect(sheet).to_have_count(0)
