"""Where the person writes: keys, counting, and what is sent."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.web.script import AT, OSLO, accepted, opened, said

pytestmark = pytest.mark.real


def test_a_sentence_to_try_is_said_by_its_button(page: Page) -> None:
    script = opened(page)

    page.get_by_role("button", name="Where does my sister live now?").click()

    assert script.took("send")["text"] == "Where does my sister live now?"


def test_the_next_message_can_be_written_and_sent_while_an_answer_runs(page: Page) -> None:
    script = opened(page)
    _, sent = accepted(page, script)
    script.text(sent, 0, "Let me see")

    said(page, "Take your time")

    assert script.took("send")["text"] == "Take your time"


def test_escape_stops_the_answer_that_runs(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)
    script.text(sent, 0, "Once upon a time")
    expect(page.get_by_role("button", name="Stop")).to_be_visible()

    page.keyboard.press("Escape")

    assert script.took("interrupt") == {"action": "interrupt", "turn": sent}
    script.done(sent, 1, stopped=True)
    expect(turn.locator(".standing")).to_have_text("Stopped here.")
    expect(page.get_by_role("button", name="Stop")).to_be_hidden()


def test_shift_and_enter_break_the_line(page: Page) -> None:
    script = opened(page)
    page.get_by_label("Say something").fill("one")

    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Enter")

    assert script.took("send")["text"] == "one\ntwo"


def test_enter_belongs_to_the_input_method_while_it_composes(page: Page) -> None:
    script = opened(page)
    writing = page.get_by_label("Say something")
    writing.fill("にほん")

    writing.dispatch_event("keydown", {"key": "Enter", "isComposing": True})
    page.keyboard.type("ご")
    page.keyboard.press("Enter")

    assert script.took("send")["text"] == "にほんご"


def test_characters_are_counted_as_the_protocol_counts_them(page: Page) -> None:
    opened(page)
    writing = page.get_by_label("Say something")

    writing.fill("🌊" * 4_000)
    expect(page.locator("#count")).to_have_text("4,000 of 4,000")
    writing.fill("🌊" * 4_001)

    expect(page.locator("#count")).to_have_text("1 character too many")
    expect(page.get_by_role("button", name="Send")).to_be_disabled()


def test_off_the_record_is_sent_and_shown(page: Page) -> None:
    script = opened(page)
    page.get_by_role("button", name="off the record").click()

    turn = said(page)

    assert script.took("send")["private"] is True
    expect(turn.get_by_text("off the record")).to_be_visible()


def test_who_began_with_the_first_sentence_is_led_to_the_next(page: Page) -> None:
    first = {"turn": OSLO, "at": AT, "text": "My sister Maya moved to Oslo last week.", "reply": "I'll remember."}
    script = opened(page, history={"turns": [first]})

    page.get_by_role("button", name="Where does my sister live now?").click()

    assert script.took("send")["text"] == "Where does my sister live now?"
    expect(page.locator("#next")).to_be_hidden()
