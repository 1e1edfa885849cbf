"""A copy of everything and the end of everything, from the foot of the memory panel."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.web.script import OSLO, Script, accepted, opened, record

pytestmark = pytest.mark.real

_WEAK_WORDS = (Path(__file__).parent / "weak_words.js").read_text()


def _exporting(page: Page) -> Script:
    script = opened(page)
    page.get_by_role("button", name="export").click()
    assert script.took("export") == {"action": "export"}
    return script


def _asked(page: Page) -> tuple[Script, Locator]:
    """Open the dialog on a page with a turn and a memory."""
    script = opened(page, records=[record(OSLO, "Maya lives in Oslo")])
    _, sent = accepted(page, script, "Where does Maya live?")
    script.done(sent, 0)
    page.get_by_role("button", name="erase all").click()
    return script, page.get_by_role("dialog", name=re.compile("Eras|Not all"))


def _confirmed(page: Page) -> tuple[Script, Locator]:
    script, dialog = _asked(page)
    dialog.get_by_role("textbox").fill("local")
    page.keyboard.press("Enter")
    assert script.took("erase") == {"action": "erase", "confirm": "local"}
    return script, dialog


def test_an_export_becomes_a_file_of_all_its_parts(page: Page) -> None:
    script = _exporting(page)

    with page.expect_download() as download:
        script.say("export", part=0, last=False, data='{"kind":"account"}\n')
        script.say("export", part=1, last=True, data='{"kind":"memory","text":"Zoë 🌊"}\n')

    assert re.fullmatch(r"companion-\d{4}-\d\d-\d\d\.jsonl", download.value.suggested_filename)
    lines = Path(download.value.path()).read_text().splitlines()
    assert [json.loads(line)["kind"] for line in lines] == ["account", "memory"]


def test_a_file_that_was_saved_can_be_saved_again(page: Page) -> None:
    script = _exporting(page)
    with page.expect_download():
        script.say("export", part=0, last=True, data="{}\n")

    with page.expect_download() as again:
        page.get_by_role("link", name="save it again").click()

    assert Path(again.value.path()).read_text() == "{}\n"


def test_an_export_says_how_far_it_is(page: Page) -> None:
    script = _exporting(page)

    script.say("export", part=0, last=False, data="x" * 31_000)

    expect(page.locator("#copy-words")).to_have_text("Collecting: 31 kB so far")
    expect(page.get_by_role("button", name="export")).to_be_disabled()


def test_an_export_too_soon_says_when_it_can_be_done_again(page: Page) -> None:
    page.clock.install(time="2026-11-21T11:00:00")
    script = _exporting(page)

    script.say("error", action="export", code="rate_limited", message="later", retry_after_ms=540_000)

    expect(page.locator("#copy-words")).to_contain_text("it can be done again at 11:09")


def test_an_export_that_is_not_to_be_had_says_so_at_its_button(page: Page) -> None:
    script = _exporting(page)

    script.say("error", action="export", code="unavailable", message="not here yet")

    expect(page.locator("#copy-words")).to_have_text("Not exported: not here yet. You can ask again.")
    expect(page.get_by_role("button", name="export")).to_be_enabled()


def test_only_the_own_name_unlocks_erasing(page: Page) -> None:
    _, dialog = _asked(page)
    erase = dialog.get_by_role("button", name="Erase everything")
    expect(erase).to_be_disabled()

    dialog.get_by_role("textbox").fill("loca")
    expect(erase).to_be_disabled()
    dialog.get_by_role("textbox").fill("local")

    expect(erase).to_be_enabled()


def test_escape_keeps_everything(page: Page) -> None:
    script, dialog = _asked(page)
    dialog.get_by_role("textbox").fill("local")

    page.keyboard.press("Escape")

    expect(dialog).to_have_count(0)
    assert all(frame["action"] != "erase" for frame in script.sent)


def test_the_name_has_to_be_typed_each_time(page: Page) -> None:
    _, dialog = _asked(page)
    dialog.get_by_role("textbox").fill("local")
    page.keyboard.press("Escape")

    page.get_by_role("button", name="erase all").click()

    expect(dialog.get_by_role("textbox")).to_have_value("")
    expect(dialog.get_by_role("button", name="Erase everything")).to_be_disabled()


def test_while_it_is_erased_nothing_is_sent_and_what_is_written_stays(page: Page) -> None:
    script, dialog = _confirmed(page)
    expect(page.locator("#status")).to_have_text("erasing")
    dialog.get_by_role("button", name="close").click()

    page.get_by_label("Say something").fill("And another thing")
    page.keyboard.press("Enter")

    expect(page.get_by_label("Say something")).to_have_value("And another thing")
    expect(page.get_by_role("button", name="Send")).to_be_disabled()
    assert all(frame["action"] != "send" for frame in script.sent)


def test_what_was_erased_is_told_by_store(page: Page) -> None:
    script, dialog = _confirmed(page)

    script.say(
        "erased", manifest={"memories": 3, "glacier": 1}, verified=True, backups_until="2026-12-26T00:00:00.000Z"
    )

    expect(dialog.get_by_role("row")).to_have_text(["Memories, and what finds them3", "glacier1"])
    expect(dialog).to_contain_text("nothing is left")
    expect(dialog).to_contain_text("gone by 26 Dec")


def test_after_erasing_the_page_is_as_on_the_first_day(page: Page) -> None:
    script, dialog = _confirmed(page)
    script.records = []
    script.say("erased", manifest={"memories": 3}, verified=True)

    dialog.get_by_role("button", name="begin anew").click()

    expect(page.get_by_role("heading", name="Tell me something")).to_be_visible()
    expect(page.locator("#memory-state")).to_have_text("Nothing yet. What you tell me will appear here.")
    expect(page.get_by_label("Say something")).to_be_focused()


def test_on_a_phone_the_first_day_is_not_behind_the_sheet(page: Page) -> None:
    script = opened(page)
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="memory", exact=True).click()
    page.get_by_role("button", name="erase all").click()
    page.get_by_role("textbox", name="To confirm").fill("local")
    page.keyboard.press("Enter")
    script.say("erased", manifest={"memories": 3}, verified=True)

    page.get_by_role("button", name="begin anew").click()

    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_label("Say something")).to_be_focused()


def test_the_end_of_an_erasure_is_told_although_its_dialog_was_closed(page: Page) -> None:
    script, dialog = _confirmed(page)
    dialog.get_by_role("button", name="close").click()

    script.say("erased", manifest={"memories": 3}, verified=True)

    expect(dialog).to_contain_text("What was erased: 3 entries")


def test_what_a_second_look_still_found_is_not_hidden(page: Page) -> None:
    script, dialog = _confirmed(page)

    script.say("erased", manifest={"memories": 3}, verified=False)

    expect(dialog).to_contain_text("Erase again")


def test_a_refused_erasure_says_why_and_can_be_asked_again(page: Page) -> None:
    script, dialog = _confirmed(page)

    script.say("error", action="erase", code="unavailable", message="the store does not answer")

    expect(dialog).to_contain_text("Not erased: the store does not answer.")
    expect(dialog.get_by_role("button", name="Erase everything")).to_be_enabled()
    expect(page.locator(".turn")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_word_about_rights_stands_out_enough(visit: Callable[..., Page], scheme: str) -> None:
    page = visit(color_scheme=scheme)
    script, dialog = _confirmed(page)
    script.say("error", action="erase", code="unavailable", message="not now")
    script.say("error", action="export", code="unavailable", message="not now")
    expect(dialog).to_contain_text("Not erased")

    assert page.evaluate(_WEAK_WORDS) == []
