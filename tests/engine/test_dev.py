"""`dev` under the real engine: previewed, brought up in two attempts, looked at, changed by hand and mended."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from tests.engine.conftest import Risen
from tests.engine.deployed import Deployed
from tests.engine.running import ended

pytestmark = pytest.mark.real

FUNCTION = "companion-dev-turn"


class Hand:
    """Somebody with a console, who gives a function more time and makes the guardrail milder."""

    def __init__(self, deployed: Deployed) -> None:
        self._functions, self._bedrock = deployed.client("lambda"), deployed.client("bedrock")
        worker = self._functions.get_function_configuration(FunctionName="companion-dev-worker")
        self._guardrail = worker["Environment"]["Variables"]["GUARDRAIL_ID"]

    def looks(self) -> tuple[int, dict[str, Any]]:
        """Return the function's seconds, and the guardrail's policies."""
        shown = self._bedrock.get_guardrail(guardrailIdentifier=self._guardrail)
        policies = {key: one for key, one in shown.items() if key.endswith("Policy")}
        return self._functions.get_function_configuration(FunctionName=FUNCTION)["Timeout"], policies

    def changes(self) -> None:
        """Change both; the guardrail is told anew as a whole, as its API wants it."""
        seconds, policies = self.looks()
        self._functions.update_function_configuration(FunctionName=FUNCTION, Timeout=seconds + 1)
        policies["contentPolicy"]["filters"][0]["inputStrength"] = "NONE"
        told = {
            f"{policy}Config": {f"{kind}Config": said for kind, said in kinds.items() if said}
            for policy, kinds in policies.items()
        }
        shown = self._bedrock.get_guardrail(guardrailIdentifier=self._guardrail)
        kept = {key: shown[key] for key in ("name", "description", "blockedInputMessaging", "blockedOutputsMessaging")}
        self._bedrock.update_guardrail(guardrailIdentifier=self._guardrail, **kept, **told)


def test_a_preview_shows_what_an_update_makes_and_makes_nothing(dev: Risen) -> None:
    made = dev.failed.done["create"] + dev.mended.done["create"]

    assert dev.previewed.code == 0, dev.previewed.summary
    assert set(dev.previewed.done) == {"create"}
    assert dev.previewed.done["create"] == len(_resources(dev)) <= made


def test_an_update_that_failed_half_way_is_mended_by_the_next(dev: Risen) -> None:
    assert dev.failed.code != 0
    assert "refused, as the test asked" in dev.failed.summary
    assert dev.mended.code == 0, dev.mended.summary


def test_a_second_update_and_a_refresh_find_nothing_to_change(dev: Risen) -> None:
    refreshed, updated = dev.deployed.stack.refresh(), dev.deployed.stack.up()

    assert refreshed.changes == updated.changes == {}, refreshed.summary + updated.summary


def test_what_was_changed_by_hand_is_found_and_put_right(dev: Risen) -> None:
    hand = Hand(dev.deployed)
    before = hand.looks()
    hand.changes()
    changed = hand.looks()

    found = dev.deployed.stack.preview("--refresh")
    repaired = dev.deployed.stack.up("--refresh")

    assert found.done == {"update": 2}, found.summary
    assert repaired.code == 0, repaired.summary
    assert hand.looks() == before != changed


def test_no_secret_is_plain_in_the_export(dev: Risen) -> None:
    secrets, keys = dev.deployed.client("secretsmanager"), dev.deployed.client("apigateway")
    (secret,) = secrets.list_secrets()["SecretList"]
    hidden = [secrets.get_secret_value(SecretId=secret["ARN"])["SecretString"]]
    hidden += [one["value"] for one in keys.get_api_keys(includeValues=True)["items"]]

    exported = dev.deployed.stack.export().decode()

    assert len(hidden) == 2
    assert all(one not in exported for one in hidden)


@pytest.mark.last
def test_what_was_deployed_is_destroyed_and_nothing_is_left(dev: Risen) -> None:
    told = dev.deployed.stack.destroy()

    assert told.code == 0, told.summary
    assert dev.deployed.left == dev.before
    asyncio.run(ended(dev.deployed.stack.project.mark))


def _resources(dev: Risen) -> list[object]:
    return list(json.loads(dev.deployed.stack.export())["deployment"]["resources"])
