"""The other end of the page's socket, played by a test: what the page sends is kept, what it hears is said."""

from __future__ import annotations

import json
import time
from typing import Any

from playwright.sync_api import Locator, Page, WebSocketRoute, expect

AT = "2026-11-21T10:00:00.000Z"
OSLO = "44444444-4444-4444-8444-444444444444"
GRAZ = "55555555-5555-4555-8555-555555555555"
_PATIENCE = 30.0


class Script:
    """Answers `history` and `memories` with what it was given, and leaves the rest to the test."""

    def __init__(self, page: Page, *, history: dict[str, Any] | None = None, records: list[Any] | None = None) -> None:
        """Take the place of every socket that *page* opens."""
        self._page, self._history, self.records = page, history or {"turns": []}, records or []
        self._socket: WebSocketRoute | None = None
        self.sent: list[dict[str, Any]] = []
        self.refusing = False
        page.route_web_socket("**/ws", self._opened)

    def say(self, kind: str, /, **fields: Any) -> None:  # noqa: ANN401 - a frame's fields are what they are
        """Send one frame."""
        assert self._socket is not None
        self._socket.send(json.dumps({"type": kind, **fields}))

    def drop(self, *, refusing: bool = False) -> None:
        """Close the socket; *refusing*: and every next one."""
        assert self._socket is not None
        self.refusing = refusing
        self._socket.close()

    def took(self, action: str) -> dict[str, Any]:
        """Return the next frame of that *action*, as soon as the page sends it."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            found = next((frame for frame in self.sent if frame["action"] == action), None)
            if found:
                self.sent.remove(found)
                return found
            self._page.evaluate("new Promise(requestAnimationFrame)")
        raise AssertionError(f"the page sent no {action}, only {self.sent}")

    def done(self, turn: str, seq: int, **fields: Any) -> None:  # noqa: ANN401 - as in say
        """End a turn."""
        ended = {"stopped": False, "blocked": False, "timings": {"queue": [0, 1], "first_text": [0, 9]}}
        usage = {"input_tokens": 1, "output_tokens": 2}
        self.say("done", turn=turn, seq=seq, **{**ended, "usage": usage, "recalled": [], "why": {}, **fields})

    def text(self, turn: str, seq: int, delta: str) -> None:
        """Release a chunk."""
        self.say("text", turn=turn, seq=seq, chunk=seq, delta=delta)

    def _opened(self, socket: WebSocketRoute) -> None:
        if self.refusing:
            socket.close()
            return
        self._socket = socket
        socket.on_message(lambda message: self._heard(json.loads(message)))

    def _heard(self, frame: dict[str, Any]) -> None:
        if frame["action"] == "history" and "before" not in frame:
            self.say("history", **self._history)
        elif frame["action"] == "memories":
            self.say("memories", records=self.records)
        self.sent.append(frame)


def opened(page: Page, **given: Any) -> Script:  # noqa: ANN401 - what a script is given
    """Open the page at the end of a new script."""
    script = Script(page, **given)
    page.goto("/")
    expect(page.locator("#status")).to_have_attribute("data-is", "ready")
    return script


def said(page: Page, text: str = "Hello") -> Locator:
    """Write *text*, send it, and return its turn."""
    page.get_by_label("Say something").fill(text)
    page.keyboard.press("Enter")
    return page.locator(".turn").last


def accepted(page: Page, script: Script, text: str = "Hello") -> tuple[Locator, str]:
    """Send *text*, accept it, and return its turn with the id."""
    turn = said(page, text)
    sent = script.took("send")["turn"]
    script.say("accepted", turn=sent, position=0)
    return turn, sent


def record(memory: str, text: str, **more: str) -> dict[str, Any]:
    """Return a memory as the server tells it."""
    return {"memory": memory, "text": text, "kind": "fact", "speaker": "user", "at": AT, **more}
