"""A person who talks with the page, played by a test: the microphone, the recogniser and the server are its own."""

from __future__ import annotations

import base64
import math
import struct
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.web.recogniser import Recogniser
from tests.web.script import opened

_PERSON = (Path(__file__).parent / "person.js").read_text()
_FRAME = 18_432
_FAR = "2036-11-21T10:00:00.000Z"


class Talk:
    """Opens the page and talks hands-free."""

    def __init__(self, page: Page) -> None:
        """Begin at the page, silent."""
        page.add_init_script(f"({_PERSON})()")
        self.page, self.recogniser, self.script = page, Recogniser(page), opened(page)
        self.button = page.locator("#talk")
        self.state = page.locator("#voice-state")

    def begins(self) -> Talk:
        """Tap the button, and be listened to."""
        self.button.click()
        self.invited()
        return self

    def invited(self) -> None:
        """Give the page the address that it asks for, and wait for its stream."""
        assert self.script.took("listen") == {"action": "listen", "rate": 16_000, "language": "en-US"}
        self.script.say("listen", url="/listening?token=x", expires_at=_FAR)
        self.recogniser.waits(lambda: self.recogniser.streams == 1)

    def speaks(self, *, on: bool = True) -> None:
        """Be loud, or silent, until the page has noticed."""
        self.page.evaluate("on => speak(on)", on)
        expect(self.button).to_have_class("voiced" if on else "")

    def says(self, text: str, name: str = "r1") -> dict[str, Any]:
        """Say *text* and return the turn that the page sends."""
        self.speaks()
        self.recogniser.understands(text, name=name)
        self.speaks(on=False)
        return self.script.took("send")

    def answers(self, turn: str, text: str, seconds: float) -> None:
        """Answer *turn* to its end, with a tone for a voice; it is heard when this returns."""
        self.script.say("accepted", turn=turn, position=0)
        self.script.text(turn, 0, text)
        pcm = b"".join(struct.pack("<h", int(3_000 * math.sin(i / 8))) for i in range(int(seconds * 16_000)))
        starts = range(0, len(pcm), _FRAME)
        for part, start in enumerate(starts):
            data = base64.b64encode(pcm[start : start + _FRAME]).decode()
            last = part == len(starts) - 1
            self.script.say("audio", turn=turn, chunk=0, part=part, format="pcm_16000", data=data, last=last)
        self.script.done(turn, 1)
        expect(self.state).to_contain_text("Speaking")
