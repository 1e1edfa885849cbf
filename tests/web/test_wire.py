"""The page and a wire that does all that the protocol allows: late, doubled, lost and refused frames."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.script import accepted, opened, said

pytestmark = pytest.mark.real


def test_words_come_in_their_order_and_once(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)

    for seq, word in ((2, "three"), (0, "one "), (0, "one "), (1, "two ")):
        script.text(sent, seq, word)

    expect(turn.locator(".prose")).to_have_text("one two three")


def test_thinking_says_what_it_waits_for(page: Page) -> None:
    script = opened(page)
    turn, _ = accepted(page, script)
    expect(turn.locator(".standing")).to_contain_text("Thinking")

    behind = said(page, "And then?")

    expect(behind.locator(".standing")).to_have_text("In the queue, after 1 answer")


def test_busy_keeps_the_message_and_sends_it_again_by_itself(page: Page) -> None:
    page.clock.install()
    script = opened(page)
    turn = said(page)
    first = script.took("send")
    script.say("busy", turn=first["turn"], retry_after_ms=4_000)
    expect(turn.locator(".standing")).to_contain_text(re.compile("Busy: your message is kept, sending again in [34] s"))

    page.clock.run_for(5_000)

    assert script.took("send") == first


def test_a_rate_that_was_too_fast_keeps_the_message_too(page: Page) -> None:
    script = opened(page)
    turn = said(page)
    first = script.took("send")
    script.say("error", action="send", code="rate_limited", message="wait", turn=first["turn"], retry_after_ms=300)

    expect(turn.locator(".standing")).to_contain_text("your message is kept, sending again")

    assert script.took("send") == first


def test_an_error_is_told_at_its_turn_which_can_be_sent_again(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script, "Are you there?")
    script.say("error", code="unavailable", message="try again in a moment", turn=sent)
    expect(turn.locator(".standing")).to_contain_text("Not answered: try again in a moment")

    turn.get_by_role("button", name="Send again").click()

    again = script.took("send")
    assert (again["text"], again["turn"] != sent) == ("Are you there?", True)


def test_a_lost_connection_says_when_it_is_tried_again(page: Page) -> None:
    script = opened(page)

    script.drop(refusing=True)

    expect(page.locator("#trouble")).to_contain_text(re.compile(r"Connection lost, trying again in \d+ s"))


def test_a_server_that_is_there_and_lets_nobody_in_is_not_called_away(page: Page) -> None:
    script = opened(page)

    script.drop(refusing=True)

    expect(page.locator("#trouble-words")).to_contain_text("The server is there but does not let this page in")
    expect(page.get_by_role("button", name="load again")).to_be_visible()
    script.refusing = False
    expect(page.locator("#status")).to_have_text("ready")
    expect(page.locator("#trouble")).to_be_hidden()


def test_after_a_lost_connection_an_answer_goes_on_where_it_was(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)
    script.text(sent, 0, "One, ")
    expect(turn.locator(".prose")).to_have_text("One,")

    script.drop()

    assert script.took("resume") == {"action": "resume", "turn": sent, "after": 0}
    script.text(sent, 1, "two.")
    expect(turn.locator(".prose")).to_have_text("One, two.")


def test_after_a_lost_connection_what_was_never_accepted_is_sent_again(page: Page) -> None:
    script = opened(page)
    said(page)
    first = script.took("send")

    script.drop()

    assert script.took("send") == first


def test_what_is_written_without_a_connection_is_sent_with_the_next(page: Page) -> None:
    script = opened(page)
    script.drop(refusing=True)
    expect(page.locator("#status")).to_have_attribute("data-is", "offline")
    turn = said(page, "Still here?")
    expect(turn.locator(".standing")).to_have_text("Kept: sent when the connection is back")

    script.refusing = False
    page.evaluate("dispatchEvent(new Event('online'))")

    assert script.took("send")["text"] == "Still here?"


def test_an_answer_that_runs_during_a_reload_is_shown_after_it(page: Page) -> None:
    script = opened(page)
    _, sent = accepted(page, script)
    script.text(sent, 0, "One")
    expect(page.locator(".prose")).to_have_text("One")

    page.reload()

    assert script.took("resume") == {"action": "resume", "turn": sent, "after": -1}
    script.text(sent, 0, "One")
    expect(page.locator(".prose")).to_have_text("One")


def test_what_the_policy_refused_is_called_so(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)

    script.text(sent, 0, "I can't help with that.")
    script.done(sent, 1, blocked=True)

    expect(turn.locator(".standing")).to_contain_text("The safety policy refused this.")


def test_an_expired_sign_in_asks_to_load_the_page_again_and_tries_no_more(page: Page) -> None:
    script = opened(page)

    script.say("error", code="expired", message="sign in again")

    expect(page.locator("#trouble")).to_contain_text("Your sign-in has run out")
    expect(page.get_by_role("button", name="load again")).to_be_visible()


def test_a_frame_of_an_unknown_type_changes_nothing(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)

    script.say("weather", turn=sent, seq=0)
    script.text(sent, 0, "Hello")

    expect(turn.locator(".prose")).to_have_text("Hello")


def test_who_does_not_want_to_wait_is_connected_at_once(page: Page) -> None:
    page.clock.install(time="2026-11-21T11:00:00")
    script = opened(page)
    page.clock.pause_at("2026-11-21T12:00:00")
    script.drop(refusing=True)
    expect(page.locator("#trouble-words")).to_contain_text("Connection lost")
    script.refusing = False

    page.get_by_role("button", name="try now").click()

    expect(page.locator("#status")).to_have_text("ready")
