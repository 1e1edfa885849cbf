"""One browser for all tests of the page, one server for each module, one clean page for each test.

Playwright's loop would be in the way of the async tests' own ones, so it lives in a thread, and so do the tests that
use it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect, sync_playwright

from tests import browser as browsers
from tests.web.server import Server

# What moves on the page is painted sixty times a second, without a GPU: more work than the rest of a test.
_DESK = {"viewport": {"width": 1280, "height": 800}, "reduced_motion": "reduce"}
_PATIENCE_MS = 30_000
_OF_A_SERVER_THAT_IS_AWAY = ("WebSocket connection", "net::ERR_")


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Run a test that has a page in Playwright's thread."""
    if "stage" not in pyfuncitem.fixturenames:
        return None
    stage = pyfuncitem.funcargs["stage"]
    assert isinstance(stage, ThreadPoolExecutor)
    arguments = {name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames}
    stage.submit(pyfuncitem.obj, **arguments).result()
    return True


@pytest.fixture(scope="session")
def stage() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1, thread_name_prefix="playwright") as thread:
        yield thread


@pytest.fixture(scope="session")
def browser(stage: ThreadPoolExecutor) -> Iterator[Browser]:
    expect.set_options(timeout=_PATIENCE_MS)
    path = browsers.find()
    if path is None:
        assert not os.environ.get("CI"), "no browser: `python -m tests.browser` installs one"
        pytest.skip("no Chrome or Chromium: `make browser` installs one")
    playwright = stage.submit(sync_playwright().start).result()
    browser = stage.submit(lambda: playwright.chromium.launch(executable_path=path, args=browsers.arguments())).result()
    yield browser
    stage.submit(browser.close).result()
    stage.submit(playwright.stop).result()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="module")
def settings() -> Mapping[str, str]:
    """Return what the module's server is told; a module that tells it more has a fixture of this name."""
    return {}


@pytest.fixture(scope="module")
def server(data: Path, settings: Mapping[str, str]) -> Iterator[Server]:
    server = Server(data, **settings)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def visit(stage: ThreadPoolExecutor, browser: Browser, server: Server) -> Iterator[Callable[..., Page]]:
    """Return what opens a clean browser's page, not yet at the companion; a test with errors on the console fails."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def failed(error: Error) -> None:
        errors.append(str(error))

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not any(known in message.text for known in _OF_A_SERVER_THAT_IS_AWAY):
            errors.append(message.text)

    def visit(**options: object) -> Page:
        context = browser.new_context(base_url=server.url, **{**_DESK, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(_PATIENCE_MS)
        page.on("pageerror", failed)
        page.on("console", heard)
        return page

    yield visit
    for context in contexts:
        stage.submit(context.close).result()
    assert errors == []


@pytest.fixture
def page(stage: ThreadPoolExecutor, visit: Callable[..., Page]) -> Page:
    """Return a page on a desk."""
    return stage.submit(visit).result()
