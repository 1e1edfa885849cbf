"""What the engine brought up holds a conversation: by its socket, and by its page in a browser."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import async_playwright, expect

from tests import browser
from tests.deployed import account, cloud, processes, services
from tests.deployed.stack import Ground, deployed
from tests.deployed.talk import ANSWER, SAID, converse
from tests.engine.conftest import Risen, Standing
from tests.engine.deployed import HERE
from tests.parts.elasticmq import ElasticMq
from tests.parts.endpoint import Endpoint
from tests.parts.opensearch import OpenSearch
from tests.parts.wire import Converse, SageMaker, sagemaker, says

pytestmark = pytest.mark.real
DOMAIN = str(HERE["searchDomainArn"])
PATIENCE_MS = 240_000


async def _ground(emulator: Endpoint, elasticmq: ElasticMq, opensearch: OpenSearch, folder: Path) -> Ground:
    """Return what was deployed to *emulator*, with the real parts beside it."""
    package = processes.find(Path(".packages"), await account.read(emulator), folder)
    return Ground(emulator, package, elasticmq, opensearch, DOMAIN, folder)


@pytest.fixture
def ground(dev: Risen, elasticmq: ElasticMq, opensearch: OpenSearch, tmp_path: Path) -> Ground:
    """Return `dev`."""
    return asyncio.run(_ground(dev.deployed.aws, elasticmq, opensearch, tmp_path))


@pytest.fixture
def prod_ground(prod: Standing, elasticmq: ElasticMq, opensearch: OpenSearch, tmp_path: Path) -> Ground:
    """Return `prod`."""
    return asyncio.run(_ground(prod.deployed.aws, elasticmq, opensearch, tmp_path))


async def test_it_answers_remembers_and_erases(ground: Ground) -> None:
    async with deployed(ground, Converse(says(*ANSWER))) as stack:
        told, manifest = await converse(stack)

    assert told[:2] == [SAID, "".join(ANSWER)]
    assert manifest.verified


async def test_prod_does_so_by_its_tasks_and_its_model_on_sagemaker(prod_ground: Ground) -> None:
    model = SageMaker(sagemaker.openai(*ANSWER), name=await services.endpoint(prod_ground.emulator))
    in_its_place = Converse(says(*ANSWER))
    async with deployed(prod_ground, model, in_its_place) as stack:
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
