"""Talking with the page in a real browser: its microphone and its loudspeaker, and what it sends for what it hears."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from playwright.sync_api import Page, expect

from tests.web.script import opened, said
from tests.web.talking import Talk

pytestmark = pytest.mark.real


@pytest.fixture
def talk(stage: ThreadPoolExecutor, page: Page) -> Talk:
    return stage.submit(Talk, page).result()


def test_what_is_said_is_sent_when_nobody_speaks_any_more(talk: Talk) -> None:
    talk.begins().speaks()
    talk.recogniser.understands("Tell me a story.")

    talk.speaks(on=False)

    sent = talk.script.took("send")
    assert (sent["text"], sent["voice"]) == ("Tell me a story.", True)


def test_what_may_still_change_is_grey(talk: Talk) -> None:
    talk.begins().speaks()

    talk.recogniser.understands("my sister and", stable=False)

    expect(talk.page.locator("#caption i")).to_have_text("my sister and")
    talk.recogniser.understands("My sister and", name="r1")
    expect(talk.page.locator("#caption span")).to_have_text("My sister and ")
    expect(talk.page.locator("#caption i")).to_be_empty()


def test_who_speaks_into_an_answer_ends_it_where_it_was_heard(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]
    talk.answers(turn, "Once upon a time. The end.", seconds=60)

    talk.speaks()
    talk.recogniser.understands("Another one.", name="r2")

    interrupted = talk.script.took("interrupt")
    assert interrupted["turn"] == turn
    assert 0 < interrupted["heard_ms"] < 60_000
    talk.script.say("trimmed", turn=turn, chars=16)
    expect(talk.page.locator(".turn").first.locator(".prose")).to_have_text("Once upon a time")
    talk.speaks(on=False)
    assert talk.script.took("send")["text"] == "Another one."


def test_the_word_that_is_said_is_shown(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]
    talk.script.say("marks", turn=turn, chunk=0, words=[[0, 7, 11], [50_000, 12, 13]])

    talk.answers(turn, "🌊 Once upon a time.", seconds=60)

    said = "[...(CSS.highlights.get('said') ?? [])].map(String).join()"
    talk.recogniser.waits(lambda: talk.page.evaluate(said) == "upon")


def test_a_cough_does_not_end_an_answer(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]
    talk.answers(turn, "Once upon a time.", seconds=60)

    talk.speaks()
    expect(talk.state).to_have_text("Listening to you")
    talk.speaks(on=False)

    expect(talk.state).to_contain_text("Speaking")
    assert [frame for frame in talk.script.sent if frame["action"] == "interrupt"] == []


def test_it_does_not_answer_itself(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]
    talk.answers(turn, "Once upon a time there was a boat.", seconds=60)

    talk.speaks()
    talk.recogniser.understands("upon the time there was", name="r2")
    expect(talk.page.locator("#caption span")).to_contain_text("upon the time")
    talk.speaks(on=False)

    expect(talk.state).to_contain_text("Speaking")
    assert [frame["action"] for frame in talk.script.sent if frame["action"] in {"interrupt", "send"}] == []


def test_escape_stops_a_voice_whose_text_is_done(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]
    talk.answers(turn, "Once upon a time.", seconds=60)

    talk.page.keyboard.press("Escape")

    assert talk.script.took("interrupt")["heard_ms"] > 0
    expect(talk.state).to_have_text("Listening")


def test_who_is_muted_is_not_heard_until_they_want_to_be(talk: Talk) -> None:
    talk.begins().button.click()
    expect(talk.state).to_contain_text("Muted")
    talk.recogniser.waits(lambda: talk.recogniser.ended == 1)

    talk.page.evaluate("speak(true)")
    talk.button.click()

    talk.recogniser.waits(lambda: talk.recogniser.streams == 2)
    expect(talk.button).to_have_class("voiced")


@pytest.mark.parametrize("how", ["refuses", "drop"])
def test_a_stream_that_ends_is_renewed_and_hears_again_what_was_said(talk: Talk, how: str) -> None:
    talk.begins().speaks()
    talk.recogniser.hears(0.7)

    getattr(talk.recogniser, how)()

    talk.recogniser.waits(lambda: talk.recogniser.streams == 2)
    talk.recogniser.hears(0.7)
    expect(talk.state).to_have_text("Listening to you")


def test_a_button_that_is_held_is_push_to_talk(talk: Talk) -> None:
    talk.button.hover()
    talk.page.mouse.down()
    talk.invited()
    expect(talk.button).to_have_class("voiced")
    talk.recogniser.hears(0.2)
    talk.recogniser.understands("Tell me the")

    talk.page.mouse.up()

    assert talk.script.took("send")["text"] == "Tell me the"
    expect(talk.state).to_have_text("Thinking")


def test_the_space_bar_talks_too(talk: Talk) -> None:
    talk.button.focus()

    talk.page.keyboard.press("Space")

    talk.invited()
    expect(talk.button).to_have_accessible_name("Mute the microphone")


def test_an_answer_shows_how_long_it_took_from_ear_to_mouth(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]
    talk.answers(turn, "Once upon a time.", seconds=2)

    summary = talk.page.locator(".turn summary")

    expect(summary).to_contain_text(re.compile(r"\d ms? from ear to mouth|\d s from ear to mouth"))
    summary.click()
    expect(talk.page.get_by_role("row", name="first sample played")).to_be_visible()


def test_a_server_without_a_recogniser_says_so_and_answers_aloud_what_is_typed(talk: Talk) -> None:
    talk.button.click()
    talk.script.took("listen")

    talk.script.say("error", action="listen", code="unavailable", message="No recogniser is installed: pip install it.")

    expect(talk.state).to_have_text("No recogniser is installed: pip install it.")
    said(talk.page, "Hello")
    assert talk.script.took("send")["voice"] is True


@pytest.mark.parametrize(
    ("name", "words"),
    [("NotAllowedError", "The microphone is not allowed here"), ("NotFoundError", "There is no micro")],
)
def test_a_microphone_that_is_not_to_be_had_is_explained(page: Page, name: str, words: str) -> None:
    page.add_init_script(
        f"navigator.mediaDevices.getUserMedia = async () => {{ throw new DOMException('', '{name}') }}"
    )
    opened(page)

    page.get_by_role("button", name="Talk", exact=True).click()

    expect(page.locator("#voice-state")).to_contain_text(words)
    expect(page.get_by_label("Say something")).to_be_enabled()


def test_what_talking_needs_may_not_come(page: Page) -> None:
    page.route("**/voice/conversation.js", lambda route: route.abort())
    opened(page)

    page.get_by_role("button", name="Talk", exact=True).click()

    expect(page.locator("#voice-state")).to_contain_text("Talking needs the server")


def test_the_button_that_stops_is_there_as_long_as_something_is_said(talk: Talk) -> None:
    turn = talk.begins().says("Tell me a story.")["turn"]

    talk.answers(turn, "Once.", seconds=1)

    expect(talk.page.get_by_role("button", name="Stop")).to_be_visible()
    expect(talk.state).to_have_text("Listening")
    expect(talk.page.get_by_role("button", name="Stop")).to_be_hidden()


def test_who_ends_talking_is_not_heard_any_more(talk: Talk) -> None:
    talk.begins()

    talk.page.get_by_role("button", name="end talking").click()

    expect(talk.page.locator("#voice")).to_be_hidden()
    expect(talk.button).to_be_focused()
    talk.recogniser.waits(lambda: talk.recogniser.ended == 1)
