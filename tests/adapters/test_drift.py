"""Whether the guardrail in use is what the policy says: as GetGuardrail tells it, edited in every way that matters."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from runtime import policy
from runtime.adapters.aws.guardrail import Drift
from runtime.adapters.aws.guardrail.drift import differences
from runtime.errors import Misconfigured, Unavailable
from tests.adapters.on_aws import clients
from tests.parts.wire import Guardrail, Wire, faults, serving

POLICY = policy.load()
Edit = Callable[[dict[str, Any]], object]


def configured() -> dict[str, Any]:
    """Return what GetGuardrail tells of a guardrail that was made from the policy."""
    filters = [
        {"type": name, "inputStrength": each.input, "outputStrength": each.output, "outputAction": "BLOCK"}
        for name, each in POLICY.filters.items()
    ]
    topics = [
        {"name": topic.name, "definition": topic.definition, "examples": list(topic.examples), "type": "DENY"}
        for topic in POLICY.topics
    ]
    return {
        "description": POLICY.hash,
        "blockedInputMessaging": POLICY.messages.input,
        "blockedOutputsMessaging": POLICY.messages.output,
        "contentPolicy": {"filters": filters},
        "topicPolicy": {"topics": topics},
        "sensitiveInformationPolicy": {
            "piiEntities": [{"type": name, "action": action} for name, action in POLICY.pii.items()]
        },
    }


class Recorded:
    """What was recorded."""

    def __init__(self) -> None:
        self.events: list[tuple[str, dict[str, float | str]]] = []

    def record(self, event: str, **values: float | str) -> None:
        self.events.append((event, values))


@asynccontextmanager
async def checking(version: str = "1", **told: dict[str, Any]) -> AsyncIterator[tuple[Drift, Recorded, Wire]]:
    """Serve a guardrail that tells *told* by version, else what the policy says, and open a check of *version*."""
    guardrail, metrics = Guardrail(), Recorded()
    guardrail.configured = {"DRAFT": configured(), "1": configured(), "2": configured()} | told
    async with serving(guardrail) as wire, clients(wire) as opened:
        bedrock = await opened.open("bedrock")
        yield Drift(bedrock, guardrail.identifier, version, policy=POLICY, metrics=metrics), metrics, wire


@pytest.mark.real
async def test_a_guardrail_that_is_what_the_policy_says_has_not_drifted() -> None:
    async with checking() as (drift, metrics, _):
        await drift.check()

    assert metrics.events == [("guardrail.checked", {"differences": 0})]


@pytest.mark.real
async def test_an_edit_in_the_console_is_found_in_the_draft() -> None:
    edited = configured() | {"blockedInputMessaging": "Sure!"}
    async with checking(DRAFT=edited) as (drift, metrics, _):
        with pytest.raises(Misconfigured, match="got: another messages of the draft"):
            await drift.check()

    assert metrics.events == [("guardrail.checked", {"differences": 1}), ("guardrail.drifted", {"differences": 1})]


@pytest.mark.real
async def test_a_version_of_another_policy_is_found_by_its_description() -> None:
    async with checking("2", **{"2": configured() | {"description": "0" * 64}}) as (drift, _, _wire):
        with pytest.raises(Misconfigured, match="got: another policy of version 2"):
            await drift.check()


@pytest.mark.real
@pytest.mark.parametrize("name", ["throttled", "broken", "half an answer, as if whole"])
async def test_a_check_that_gets_no_answer_says_so_and_records_nothing(name: str) -> None:
    async with checking() as (drift, metrics, wire):
        wire.fail(faults.FAILURES[name])
        with pytest.raises(Unavailable):
            await drift.check()

    assert metrics.events == []


def _first(policy_name: str, entries: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda guardrail: guardrail[policy_name][entries][0]


FILTER, TOPIC = _first("contentPolicy", "filters"), _first("topicPolicy", "topics")
PII = _first("sensitiveInformationPolicy", "piiEntities")


@pytest.mark.parametrize(
    ("part", "edit"),
    [
        ("filters", lambda guardrail: FILTER(guardrail).update(inputStrength="LOW")),
        ("filters", lambda guardrail: guardrail["contentPolicy"]["filters"].pop()),
        ("filters", lambda guardrail: guardrail.pop("contentPolicy")),
        ("topics", lambda guardrail: TOPIC(guardrail).update(definition="Anything goes.")),
        ("topics", lambda guardrail: guardrail["topicPolicy"]["topics"].pop()),
        ("pii", lambda guardrail: PII(guardrail).update(action="NONE")),
        ("messages", lambda guardrail: guardrail.update(blockedOutputsMessaging="Sure!")),
        ("switched off", lambda guardrail: FILTER(guardrail).update(outputAction="NONE")),
        ("switched off", lambda guardrail: TOPIC(guardrail).update(inputEnabled=False)),
        ("switched off", lambda guardrail: PII(guardrail).update(inputAction="NONE")),
        ("policy", lambda guardrail: guardrail.update(description=f"policy {'ab' * 32}")),
        ("others", lambda guardrail: guardrail.update(wordPolicy={"words": [{"text": "darn"}]})),
    ],
)
def test_every_edit_is_named_by_its_part(part: str, edit: Edit) -> None:
    guardrail = configured()
    edit(guardrail)

    assert differences(guardrail, POLICY) == [part]


def test_what_does_nothing_by_the_policy_may_be_switched_off() -> None:
    guardrail = configured()
    by_name = {each["type"]: each for each in guardrail["contentPolicy"]["filters"]}
    by_name["PROMPT_ATTACK"] |= {"outputEnabled": False, "outputAction": "NONE"}
    guardrail |= {"wordPolicy": {"words": [], "managedWordLists": []}, "description": "Made from the policy."}

    assert differences(guardrail, POLICY) == []
