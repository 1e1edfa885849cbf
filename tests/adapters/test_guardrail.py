"""The cloud's moderator, by the real SDK: what it asks, how opinions become a verdict, and what a doubt does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from runtime.adapters.aws.guardrail import GuardrailModerator, assessment
from runtime.adapters.aws.guardrail.comprehend import segments
from runtime.adapters.aws.guardrail.opinion import verdict
from runtime.conversation import Passage, Verdict
from runtime.errors import Unavailable
from tests.adapters.judging import judging
from tests.parts.wire import Call, Comprehend, Guardrail, Wire, faults, rules, serving
from tests.parts.wire.faults import Answer
from tests.parts.wire.reply import Reply, output
from tests.parts.wire.rules import Rule

SECRET = "the badger sings at midnight"
OPERATIONS = ("ApplyGuardrail", "DetectToxicContent", "DetectPiiEntities")
USAGE = {
    f"{policy}Units": 1
    for policy in (
        *("topicPolicy", "contentPolicy", "wordPolicy", "sensitiveInformationPolicy"),
        *("sensitiveInformationPolicyFree", "contextualGroundingPolicy"),
    )
}
# These services answer in one piece: what breaks after it, breaks nothing.
BROKEN = [faults.denied, *(fault for name, fault in faults.FAILURES.items() if not name.startswith("one piece"))]
real = pytest.mark.real


@asynccontextmanager
async def asking(
    *found: Rule, toxic: dict[str, dict[str, float]] | None = None, pii: dict[str, str] | None = None
) -> AsyncIterator[tuple[GuardrailModerator, Wire]]:
    """Serve a guardrail that finds this, and a Comprehend that scores *toxic* and knows *pii*."""
    async with serving(Guardrail(*found), Comprehend(toxic, pii)) as wire, judging(wire) as moderator:
        yield moderator, wire


def says(**changes: Any) -> faults.Fault:  # noqa: ANN401 - fields of an answer.
    """Answer as the guardrail does, but for *changes*."""

    async def changed(call: Call, _: Answer) -> Reply:
        said = {"usage": USAGE, "action": "NONE", "outputs": [], "assessments": [], **changes}
        return output(call, said)

    return changed


@real
async def test_the_pinned_version_is_asked_about_the_chunk_with_what_is_out_of_its_sentence() -> None:
    async with asking() as (moderator, wire):
        await moderator.judge(Passage("Hello.", "input"))
        await moderator.judge(Passage(" to you.", "output", "Hello"))

    first, second = (call.arguments for call in wire.of("ApplyGuardrail"))
    assert (first["guardrailIdentifier"], first["guardrailVersion"], first["source"]) == ("gr0000000001", "1", "INPUT")
    assert second["source"] == "OUTPUT"
    assert second["content"] == [{"text": {"text": "Hello to you."}}]


@real
async def test_all_services_are_asked_at_once() -> None:
    everybody = asyncio.Barrier(len(OPERATIONS))

    async def meets(_: Call, answer: Answer) -> Reply:
        await everybody.wait()
        return await answer()

    async with asking() as (moderator, wire):
        for operation in OPERATIONS:
            wire.fail(meets, of=operation)

        assert (await moderator.judge(Passage(SECRET, "input"))).decision == "allow"


@real
async def test_whoever_may_be_in_danger_is_answered_without_any_service() -> None:
    async with asking() as (moderator, wire):
        assert (await moderator.judge(Passage("I want to die", "input"))).decision == "crisis"
        assert (await moderator.judge(Passage("It is 4111 1111 1111 1111", "input"))).decision == "block"
        assert (await moderator.judge(Passage(" \n", "output"))).decision == "allow"

    assert wire.calls == []


@real
async def test_what_the_service_masks_beyond_the_policys_patterns_is_masked_in_the_chunk_alone() -> None:
    async with asking(rules.pii("NAME", "Ada Lovelace")) as (moderator, _):
        verdict = await moderator.judge(Passage("lace, jane@example.com, Ada Lovelace", "output", "It is Ada Love"))

    assert verdict == Verdict("mask", "{NAME}, {EMAIL}, {NAME}", "NAME")


@real
async def test_what_several_find_in_one_place_is_masked_once() -> None:
    pattern = r"write to \S+"
    async with asking(rules.regex("CONTACT", pattern), pii={r"\S+@\S+": "EMAIL"}) as (moderator, _):
        verdict = await moderator.judge(Passage("Please write to jane@example.com now", "output"))

    assert verdict == Verdict("mask", "Please {CONTACT} now", "CONTACT")


@real
async def test_the_second_opinion_masks_and_blocks_what_the_policy_does() -> None:
    pii = {r"jane at example": "EMAIL", r"four one one": "CREDIT_DEBIT_NUMBER", r"Ada": "NAME"}
    async with asking(pii=pii) as (moderator, _):
        texts = ("🏡 jane at example", "four one one", "Ada")
        verdicts = [await moderator.judge(Passage(text, "output")) for text in texts]

    assert verdicts == [
        Verdict("mask", "🏡 {EMAIL}", "EMAIL"),
        Verdict("block", "", "CREDIT_DEBIT_CARD_NUMBER"),
        Verdict("allow", "Ada"),
    ]


@real
async def test_a_person_may_insult_and_the_companion_may_not() -> None:
    async with asking(toxic={"fool": {"INSULT": 0.9}, "kill": {"VIOLENCE_OR_THREAT": 0.75}}) as (moderator, _):
        assert (await moderator.judge(Passage("You fool.", "input"))).decision == "allow"
        assert (await moderator.judge(Passage("You fool.", "output"))).reason == "INSULTS"
        assert (await moderator.judge(Passage("I kill you.", "input"))).reason == "VIOLENCE"


@real
async def test_a_second_opinion_that_is_not_sure_refuses_nothing() -> None:
    async with asking(toxic={"fool": {"INSULT": 0.79, "GRAPHIC": 0.69}}) as (moderator, _):
        assert (await moderator.judge(Passage("You fool.", "output"))).decision == "allow"


@real
async def test_a_kind_of_harm_that_nobody_knew_is_refused_by_its_name() -> None:
    async with asking(toxic={"fool": {"DOXING": 0.75}}) as (moderator, _):
        assert (await moderator.judge(Passage("You fool.", "input"))).reason == "DOXING"


@real
async def test_the_rule_that_refuses_is_named() -> None:
    found = (rules.topic("Weapons", "bomb"), rules.content("HATE", "vermin"), rules.word("darn"))
    async with asking(*found) as (moderator, _):
        verdicts = [await moderator.judge(Passage(text, "output")) for text in ("a bomb", "vermin", "darn it")]

    assert [(verdict.decision, verdict.reason) for verdict in verdicts] == [
        ("block", "Weapons"),
        ("block", "HATE"),
        ("block", "wordPolicy"),
    ]


@real
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_whichever_service_fails_and_however_nothing_passes(operation: str) -> None:
    async with asking() as (moderator, wire):
        for fault in BROKEN:
            wire.fail(fault, of=operation)
            with pytest.raises(Unavailable, match=rf"^(?!.*{SECRET})"):
                await moderator.judge(Passage(SECRET, "output"))

        assert (await moderator.judge(Passage(SECRET, "output"))).decision == "allow"


@real
@pytest.mark.parametrize("operation", OPERATIONS)
async def test_a_quota_that_is_used_up_asks_to_be_left_alone(operation: str) -> None:
    async with asking() as (moderator, wire):
        wire.fail(faults.throttled, of=operation)
        with pytest.raises(Unavailable) as caught:
            await moderator.judge(Passage(SECRET, "output"))

    assert caught.value.after == 1.0


@real
@pytest.mark.parametrize(
    "changes",
    [
        {"action": "GUARDRAIL_INTERVENED"},
        {"action": "GUARDRAIL_INTERVENED", "assessments": [{"topicPolicy": {"topics": []}}]},
        {"action": "SOMETHING_NEW"},
        {"guardrailCoverage": {"textCharacters": {"guarded": 4, "total": 28}}},
        {
            "action": "GUARDRAIL_INTERVENED",
            "assessments": [
                {
                    "sensitiveInformationPolicy": {
                        "piiEntities": [{"match": "Ada", "type": "NAME", "action": "ANONYMIZED"}],
                        "regexes": [],
                    }
                }
            ],
        },
    ],
)
async def test_an_answer_that_leaves_a_doubt_is_no_permission(changes: dict[str, Any]) -> None:
    async with asking() as (moderator, wire):
        wire.fail(says(**changes), of="ApplyGuardrail")

        with pytest.raises(Unavailable):
            await moderator.judge(Passage(SECRET, "output"))


def test_a_policy_that_nobody_knew_refuses_though_another_only_masks() -> None:
    hidden = {"piiEntities": [{"match": "Ada", "type": "NAME", "action": "ANONYMIZED"}], "regexes": []}
    found = {
        "appliedGuardrailDetails": {"guardrailVersion": "1", "guardrailOrigin": ["REQUEST"]},
        "invocationMetrics": {"guardrailProcessingLatency": 120, "usage": {}},
        "moodPolicy": {"moods": [{"type": "GLOOM", "action": "BLOCKED"}]},
        "sensitiveInformationPolicy": hidden,
    }
    response: Any = {"action": "GUARDRAIL_INTERVENED", "assessments": [found]}

    assert verdict(Passage("Ada", "output"), [assessment.read(response, "Ada")]).reason == "GLOOM"


@real
async def test_a_long_text_is_judged_whole_within_the_services_limits() -> None:
    long = "日本語のとても長い文。 " * 360 + "fool"
    async with asking(toxic={"fool": {"SEXUAL": 0.9}}) as (moderator, wire):
        assert (await moderator.judge(Passage(long, "input"))).reason == "SEXUAL"

    asked = [call.arguments["TextSegments"] for call in wire.of("DetectToxicContent")]
    assert max(map(len, asked)) == 10
    assert "".join(segment["Text"] for batch in asked for segment in batch) == long


@pytest.mark.parametrize("text", ["", "a", "word " * 900, "x" * 5000, "🦡" * 1000, " " * 3000, "ab " + "é" * 2000])
def test_segments_are_small_and_lose_nothing_but_blanks(text: str) -> None:
    found = list(segments(text))

    assert all(0 < len(segment.encode()) <= 1024 for segment in found)
    assert "".join(found).split() == text.split() or "".join(found) == text.strip()


@real
async def test_one_connection_serves_one_passage_after_the_other() -> None:
    async with asking() as (moderator, wire):
        for _ in range(3):
            await moderator.judge(Passage(SECRET, "output"))

        assert wire.connections("bedrock-runtime") == 1
        assert wire.connections("comprehend") == 2
