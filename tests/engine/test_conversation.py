"""What the engine brought up holds a conversation: by its socket, and by its page in a browser."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests import browser
from tests.deployed import cloud
from tests.deployed.stack import Ground, deployed
from tests.deployed.talk import ANSWER, SAID, converse
from tests.engine.conftest import Risen
from tests.parts.elasticmq import ElasticMq
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import Converse, says

pytestmark = pytest.mark.real
PATIENCE_MS = 240_000


@pytest.fixture
def ground(dev: Risen, elasticmq: ElasticMq, opensearch: OpenSearch, tmp_path: Path) -> Ground:
    """Return `dev`, with the real parts beside it."""
    return asyncio.run(dev.deployed.ground(elasticmq, opensearch, tmp_path))


async def test_it_answers_remembers_and_erases(ground: Ground) -> None:
    async with deployed(ground, Converse(says(*ANSWER))) as stack:
        told, manifest = await converse(stack)

    assert told[:2] == [SAID, "".join(ANSWER)]
    assert manifest.verified


async def test_its_page_signs_people_in_and_answers_them(ground: Ground) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    async with cloud.shown(ground) as address, async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser.find(), args=browser.arguments())
        page = await chromium.new_page()
        await page.goto(address)
        await page.get_by_role("button", name="Sign in").click()
        await page.get_by_label("Who are you?").fill("bob")
        await page.keyboard.press("Enter")
        await expect(page.locator("#status")).to_have_text("ready")
        await page.get_by_label("Say something").fill(SAID)
        await page.keyboard.press("Enter")

        await expect(page.get_by_text(f"You said: {SAID}").first).to_be_visible()
        await chromium.close()
