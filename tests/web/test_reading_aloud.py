"""Answers that come without a voice, read by the browser's own: after their text, and counted in characters."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.web.talking import Talk

pytestmark = pytest.mark.real

_VOICE = (Path(__file__).parent / "voice_of_browser.js").read_text()
_SHED = "This is in text only."


@pytest.fixture
def talk(stage: ThreadPoolExecutor, page: Page) -> Talk:
    stage.submit(page.add_init_script, f"({_VOICE})()").result()
    return stage.submit(Talk, page).result()


def _answered(talk: Talk, *texts: str) -> str:
    """Say something, be answered by *texts* without audio, and return the turn."""
    turn: str = talk.begins().says("Tell me a story.")["turn"]
    talk.script.say("accepted", turn=turn, position=0)
    talk.script.say("notice", turn=turn, seq=0, kind="shed_voice", text=_SHED)
    for seq, text in enumerate(texts, start=1):
        talk.script.text(turn, seq, text)
    expect(talk.page.locator(".turn").last.locator(".prose")).to_contain_text(texts[-1].strip())
    return turn


def test_each_chunk_is_read_once_and_after_it_was_released(talk: Talk) -> None:
    turn = _answered(talk, "Once upon a time ", "there was a boat.")
    talk.script.text(turn, 2, "there was a boat.")

    talk.script.done(turn, 3)

    expect(talk.state).to_contain_text("Speaking")
    assert talk.page.evaluate("voice.said") == ["Once upon a time ", "there was a boat."]


def test_an_interruption_says_how_many_characters_were_read(talk: Talk) -> None:
    turn = _answered(talk, "🌊 Once upon a time ", "there was a boat.")
    talk.page.evaluate("voice.ends()")
    talk.page.evaluate("voice.reads(6)")

    talk.speaks()
    talk.recogniser.understands("Another one.", name="r2")

    assert talk.script.took("interrupt") == {"action": "interrupt", "turn": turn, "heard_chars": 25}


def test_a_voice_that_can_not_be_made_quieter_is_held_for_a_cough(talk: Talk) -> None:
    _answered(talk, "Once upon a time there was a boat.")

    talk.speaks()
    assert talk.page.evaluate("voice.held") is True
    talk.speaks(on=False)

    expect(talk.state).to_contain_text("Speaking")
    assert talk.page.evaluate("voice.held") is False


def test_what_no_voice_was_there_for_was_seen(talk: Talk) -> None:
    talk.page.evaluate("speechSynthesis.getVoices = () => []")
    turn = _answered(talk, "Once upon a time there was a boat.")

    talk.page.keyboard.press("Escape")

    assert talk.script.took("interrupt") == {"action": "interrupt", "turn": turn}
