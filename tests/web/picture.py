"""Takes the picture of the page that the documents show: `python -m tests.web.picture`.

What it shows is real: a server of its own without a language model, what it answered, and how long that took. Only the
letters are chosen, and the button to the latest, which lies over the sheet, is left out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright

from tests import browser as browsers
from tests.web.script import said
from tests.web.server import Server

_PICTURE = Path(__file__).parents[2] / "docs" / "page.png"
_ROOM = {"width": 1280, "height": 800}
_LARGEST = 250_000
# A machine without a screen has no system font worth looking at: Debian's fonts-inter comes near to what most have.
_LETTERS = "document.documentElement.style.setProperty('--sans', 'Inter, system-ui, sans-serif')"
_BEFORE = ("My sister Maya lives in Graz.", "I work as a gardener.")
_TOLD = "Maya moved to Oslo last week."
_ASKED = "Where does my sister live now?"


def main() -> int:
    """Talk, open what is inside the last answer, and keep what it looks like."""
    path = browsers.find()
    if path is None:
        sys.stderr.write("no Chrome or Chromium: `make browser` installs one\n")
        return 1
    with TemporaryDirectory() as data, sync_playwright() as playwright:
        server = Server(Path(data))
        server.start()
        try:
            browser = playwright.chromium.launch(executable_path=path, args=browsers.arguments())
            context = browser.new_context(base_url=server.url, viewport=_ROOM, reduced_motion="reduce")  # type: ignore[arg-type]
            _take(context.new_page())
            browser.close()
        finally:
            server.kill()
    size = _PICTURE.stat().st_size
    sys.stdout.write(f"· picture: {_PICTURE}, {size // 1000} kB\n")
    return 0 if size < _LARGEST else 1


def _take(page: Page) -> None:
    page.goto("/")
    page.evaluate(_LETTERS)
    for text in (*_BEFORE, _TOLD):
        expect(said(page, text)).to_have_attribute("data-phase", "done")
    expect(page.get_by_role("button", name="was Graz")).to_be_visible()
    page.reload()
    page.evaluate(_LETTERS)
    turn = said(page, _ASKED)
    expect(turn).to_have_attribute("data-phase", "done")
    turn.locator("summary").click()
    expect(page.locator(".why:not(:empty)").first).to_be_visible()
    turn.evaluate("turn => scrollTo(0, turn.getBoundingClientRect().top + scrollY - 84)")
    page.locator("#latest").evaluate("button => button.remove()")
    page.mouse.move(600, 60)
    page.screenshot(path=_PICTURE, animations="disabled")


if __name__ == "__main__":
    sys.exit(main())
