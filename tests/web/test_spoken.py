"""A spoken conversation with the local server, all parts real: a microphone's file, recogniser, model over HTTP, voice.

The file says the same every seven seconds, so that its next time falls into the answer to the one before, however long
a loaded machine takes.
"""

from __future__ import annotations

import re
import subprocess
import wave
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import browser as browsers
from tests import voices
from tests.web.storyteller import telling

pytestmark = pytest.mark.real

_SAID = "where does my brother live now"
_EVERY = 7.0
_BEFORE = 1.0
_PATIENCE_MS = 120_000
_MICROPHONE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


@pytest.fixture(scope="module")
def settings() -> Iterator[Mapping[str, str]]:
    voices.required("flite")
    if find_spec("pocketsphinx") is None:
        pytest.skip("no recogniser for this Python")
    with telling() as model:
        yield {"OPENAI_BASE_URL": model, "MODEL": "story"}


@pytest.fixture(scope="module")
def browser(stage: ThreadPoolExecutor, browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Return a browser whose microphone is a file."""
    sound = _spoken(tmp_path_factory.mktemp("sound") / "person.wav")
    arguments = [*browsers.arguments(), *_MICROPHONE, f"--use-file-for-fake-audio-capture={sound}"]
    launch = browser.browser_type.launch
    listening = stage.submit(lambda: launch(executable_path=browsers.find(), args=arguments)).result()
    yield listening
    stage.submit(listening.close).result()


def _spoken(path: Path) -> Path:
    """Write what is said, with the silence around it."""
    subprocess.run(["flite", "-voice", "rms", "-t", _SAID, "-o", str(path)], check=True)
    with wave.open(str(path)) as file:
        shape, words = file.getparams(), file.readframes(file.getnframes())
    before = bytes(2 * round(_BEFORE * shape.framerate))
    whole = (before + words).ljust(2 * round(_EVERY * shape.framerate), b"\0")
    with wave.open(str(path), "wb") as file:
        file.setparams(shape)
        file.writeframes(whole)
    return path


def test_a_spoken_conversation_is_heard_answered_interrupted_muted_and_resumed(
    visit: Callable[..., Page],
) -> None:
    page = visit(permissions=["microphone"])
    page.goto("/")
    expect.set_options(timeout=_PATIENCE_MS)
    understood = page.locator(".turn").filter(has=page.locator(".said p", has_text=_SAID))
    state, talk = page.locator("#voice-state"), page.locator("#talk")

    talk.click()

    expect(understood.first.locator(".prose")).to_contain_text("Once upon a time")
    expect(state).to_contain_text("Speaking")
    expect(understood.first.locator(".standing")).to_contain_text(re.compile("Interrupted here|Stopped here"))
    expect(understood.nth(1)).to_be_visible()
    talk.click()
    expect(state).to_contain_text("Muted")
    talk.click()
    expect(understood.nth(2)).to_be_visible()
    expect(page.get_by_text("from ear to mouth").first).to_be_visible()
