"""What the page shows: words, notices, memories, in both lights and at every width."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.script import AT, GRAZ, OSLO, accepted, opened, record

pytestmark = pytest.mark.real

_MOVING = "document.getAnimations().map(one => one.animationName).filter(Boolean).sort()"
_WEAK_WORDS = (Path(__file__).parent / "weak_words.js").read_text()


def test_a_newcomer_sees_three_sentences_to_try_and_how_to_connect_a_model(page: Page) -> None:
    opened(page)

    expect(page.locator("#welcome button.try")).to_have_count(3)
    expect(page.locator("#no-model")).to_contain_text("No language model is connected")
    expect(page.locator("#no-model code")).to_contain_text("OPENAI_BASE_URL=")


def test_paragraphs_and_lines_stay_apart(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)

    script.text(sent, 0, "A list:\n- bread\n")
    script.text(sent, 1, "- butter\n\nAnd more.")

    expect(turn.locator(".prose p")).to_have_count(2)
    expect(turn.locator(".prose p").first).to_have_js_property("innerText", "A list:\n- bread\n- butter")


def test_an_address_becomes_a_link_to_what_it_shows(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)

    script.text(sent, 0, "See https://example.org/a?b=c, then javascript:alert(1).")

    expect(turn.locator(".prose a")).to_have_count(1)
    expect(turn.get_by_role("link")).to_have_attribute("href", "https://example.org/a?b=c")


def test_notices_are_shown_whatever_their_kind(page: Page) -> None:
    script = opened(page)
    turn, sent = accepted(page, script)
    kinds = ["disclosure", "break", "crisis", "cut", "shed_memory", "shed_voice", "news"]

    for seq, kind in enumerate(kinds):
        script.say("notice", turn=sent, seq=seq, kind=kind, text=f"This is {kind}.")

    expect(turn.locator(".notice")).to_have_text([f"This is {kind}." for kind in kinds])


def test_forget_waits_ten_seconds_and_is_then_sent(page: Page) -> None:
    page.clock.install()
    script = opened(page, records=[record(OSLO, "Maya lives in Oslo")])
    page.get_by_role("button", name="Forget: Maya lives in Oslo").click(force=True)
    page.clock.run_for(9_000)
    assert all(frame["action"] != "forget" for frame in script.sent)

    page.clock.run_for(2_000)

    assert script.took("forget") == {"action": "forget", "memory": OSLO}


def test_undo_keeps_the_memory_and_the_focus(page: Page) -> None:
    page.clock.install()
    script = opened(page, records=[record(OSLO, "Maya lives in Oslo")])
    forget = page.get_by_role("button", name="Forget: Maya lives in Oslo")
    forget.focus()
    page.keyboard.press("Enter")

    page.keyboard.press("Enter")
    page.clock.run_for(20_000)

    expect(forget).to_be_focused()
    assert all(frame["action"] != "forget" for frame in script.sent)


def test_a_fact_shows_since_when_and_what_it_replaced(page: Page) -> None:
    graz = record(GRAZ, "Maya lives in Graz", until=AT)
    opened(page, records=[record(OSLO, "Maya lives in Oslo", replaces=GRAZ, **{"from": AT}), graz])

    expect(page.locator("#facts > .record")).to_have_count(1)
    expect(page.locator("#facts > .record .dates").first).to_have_text("since 21 Nov")
    expect(page.get_by_role("button", name="was Graz")).to_be_visible()


def test_what_a_fact_replaced_is_folded_under_it(page: Page) -> None:
    graz = record(GRAZ, "Maya lives in Graz", until=AT)
    opened(page, records=[record(OSLO, "Maya lives in Oslo", replaces=GRAZ), graz])
    older = page.get_by_text("Maya lives in Graz")
    expect(older).to_be_hidden()

    page.get_by_role("button", name="was Graz").press("Enter")

    expect(older).to_be_visible()
    expect(page.locator(".older .dates")).to_have_text("until 21 Nov")


def test_a_search_unfolds_the_older_fact_that_it_found(page: Page) -> None:
    opened(
        page, records=[record(OSLO, "Maya lives in Oslo", replaces=GRAZ), record(GRAZ, "Maya lives in Graz", until=AT)]
    )

    page.get_by_label("Search what I remember").fill("graz")

    expect(page.get_by_text("Maya lives in Graz")).to_be_visible()


def test_the_panel_says_why_a_memory_was_recalled_for_the_last_answer(page: Page) -> None:
    script = opened(page, records=[record(OSLO, "Maya lives in Oslo"), record(GRAZ, "I like tea")])
    _, sent = accepted(page, script)

    script.done(sent, 0, recalled=[OSLO], why={OSLO: ["words", "date"]})

    expect(page.locator(".why").first).to_have_text("just recalled by its words, the date")
    expect(page.locator(".why").last).to_have_text("")


def test_of_much_that_was_recalled_the_best_is_shown_and_the_rest_on_demand(page: Page) -> None:
    known = [record(f"{number:08d}-4444-4444-8444-444444444444", f"Memory {number}") for number in range(6)]
    script = opened(page, records=known)
    turn, sent = accepted(page, script)
    script.done(sent, 0, recalled=[memory["memory"] for memory in known])
    turn.locator("summary").click()
    expect(turn.locator(".recalled li:visible")).to_have_count(3)

    turn.get_by_role("button", name="and 3 more").click()

    expect(turn.locator(".recalled li:visible")).to_have_count(6)


def test_earlier_turns_come_on_demand_and_go_before_the_others(page: Page) -> None:
    newer = {"turn": OSLO, "at": AT, "text": "Newer", "reply": "Yes"}
    script = opened(page, history={"turns": [newer], "cursor": "c1"})
    script.took("history")

    page.get_by_role("button", name="Earlier").click()

    assert script.took("history")["before"] == "c1"
    script.say("history", turns=[{"turn": GRAZ, "at": AT, "text": "Older", "reply": "Yes"}])
    expect(page.locator(".said p")).to_have_text(["Older", "Newer"])
    expect(page.get_by_role("button", name="Earlier")).to_be_hidden()


def test_each_chunk_is_read_out_whole(page: Page) -> None:
    script = opened(page)
    _, sent = accepted(page, script)

    script.text(sent, 0, "That’s a big change. ")
    script.done(sent, 1)

    expect(page.locator("#announcer p")).to_have_text(["Thinking", "That’s a big change. ", "Answer complete"])


def test_the_choice_of_dark_or_light_stays(page: Page) -> None:
    opened(page)
    page.get_by_role("button", name="Switch between light and dark").click()

    page.reload()

    expect(page.locator("html")).to_have_attribute("data-theme", "dark")


def test_nothing_is_wider_than_the_window(page: Page) -> None:
    script = opened(page, records=[record(OSLO, "x" * 300)])
    turn, sent = accepted(page, script, "y" * 300)
    script.text(sent, 0, "z" * 300)
    script.done(sent, 1)
    turn.locator("summary").click()

    for width in (320, 390, 768, 1000, 1600):
        page.set_viewport_size({"width": width, "height": 844})

        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_stands_out_enough(visit: Callable[..., Page], scheme: str) -> None:
    page = visit(color_scheme=scheme)
    script = opened(page, records=[record(OSLO, "Maya lives in Oslo")])
    turn, sent = accepted(page, script)
    script.say("notice", turn=sent, seq=0, kind="crisis", text="Call 112.")
    script.done(sent, 1, timings={"queue": [0, 1], "model_first": [1, 5], "first_text": [0, 9]})
    turn.locator("summary").click()
    script.say("error", code="internal", message="something went wrong")
    expect(page.locator("#trouble")).to_be_visible()

    weak = page.evaluate(_WEAK_WORDS)

    assert weak == []


@pytest.mark.parametrize(("wanted", "moving"), [("no-preference", ["breathe", "pass"]), ("reduce", [])])
def test_what_is_thought_about_moves_unless_somebody_wants_stillness(
    visit: Callable[..., Page], wanted: str, moving: list[str]
) -> None:
    page = visit(reduced_motion=wanted)
    script = opened(page)

    accepted(page, script)

    expect(page.locator("#status")).to_have_attribute("data-is", "thinking")
    assert page.evaluate(_MOVING) == moving
