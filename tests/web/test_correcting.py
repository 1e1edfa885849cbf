"""A memory put right where it stands: keys, counting, what is sent, and what a refusal says."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.script import OSLO, Script, opened, record

pytestmark = pytest.mark.real

_WRONG = record(OSLO, "Maya lives in Oslo")


def _editing(page: Page, **given: Any) -> tuple[Script, Locator]:  # noqa: ANN401 - what a script is given
    """Open the words of a memory to be written anew, by keyboard."""
    script = opened(page, **{"records": [_WRONG], **given})
    page.get_by_role("button", name="Correct: Maya lives in Oslo").press("Enter")
    return script, page.get_by_role("textbox", name="Correct: Maya lives in Oslo")


def _sent(page: Page) -> tuple[Script, Locator]:
    script, words = _editing(page)
    words.fill("Maya lives in Bergen")
    words.press("Enter")
    assert script.took("correct") == {"action": "correct", "memory": OSLO, "text": "Maya lives in Bergen"}
    return script, words


def test_enter_saves_and_the_record_is_that_of_the_answer(page: Page) -> None:
    script, words = _sent(page)

    script.say("memories", records=[record(OSLO, "Maya lives in Bergen, now")])

    expect(words).to_have_count(0)
    expect(page.locator(".what")).to_have_text(["Maya lives in Bergen, now"])


def test_after_saving_the_hands_are_where_they_were(page: Page) -> None:
    script, _ = _sent(page)

    script.say("memories", records=[record(OSLO, "Maya lives in Bergen")])

    expect(page.get_by_role("button", name="Correct: Maya lives in Bergen")).to_be_focused()
    expect(page.locator("#announcer")).to_contain_text("Corrected: Maya lives in Bergen")


def test_escape_leaves_the_words_as_they_were(page: Page) -> None:
    script, words = _editing(page)
    words.fill("Something else")

    words.press("Escape")

    expect(page.get_by_role("button", name="Correct: Maya lives in Oslo")).to_be_focused()
    expect(page.locator(".what")).to_have_text(["Maya lives in Oslo"])
    assert all(frame["action"] != "correct" for frame in script.sent)


def test_escape_in_the_words_does_not_close_the_sheet_of_a_phone(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    opened(page, records=[_WRONG])
    page.get_by_role("button", name="memory", exact=True).click()
    page.get_by_role("button", name="Correct: Maya lives in Oslo").press("Enter")

    page.keyboard.press("Escape")

    expect(page.get_by_role("dialog", name="What I remember")).to_be_visible()


def test_words_that_did_not_change_are_not_sent(page: Page) -> None:
    script, words = _editing(page)

    words.press("Enter")

    expect(words).to_have_count(0)
    assert all(frame["action"] != "correct" for frame in script.sent)


def test_the_characters_of_a_correction_are_counted(page: Page) -> None:
    _, words = _editing(page)
    words.fill("🌊" * 1_000)
    expect(page.locator(".editor .count")).to_have_text("1,000 of 1,000")

    words.fill("🌊" * 1_001)

    expect(page.locator(".editor .count")).to_have_text("1 character too many")
    expect(page.get_by_role("button", name="save")).to_be_disabled()


def test_no_words_at_all_cannot_be_saved(page: Page) -> None:
    script, words = _editing(page)
    words.fill("  ")

    words.press("Enter")

    expect(page.get_by_role("button", name="save")).to_be_disabled()
    assert all(frame["action"] != "correct" for frame in script.sent)


def test_a_refusal_is_said_at_the_record_and_the_words_stay(page: Page) -> None:
    script, words = _sent(page)

    script.say("error", action="correct", memory=OSLO, code="conflict", message="that is not for me")

    expect(page.get_by_role("alert")).to_have_text("Not changed: that is not for me.")
    expect(words).to_have_value("Maya lives in Bergen")
    expect(words).to_be_editable()
    expect(words).to_have_accessible_description("Not changed: that is not for me.")
