"""Bedrock's guardrail: ApplyGuardrail by rules that a test writes, and GetGuardrail for what is configured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Handler, Reply, output
from tests.parts.wire.rules import Rule

_CHARACTERS_PER_UNIT = 1000
_UNITS = ("topicPolicy", "contentPolicy", "wordPolicy", "sensitiveInformationPolicy", "contextualGroundingPolicy")
_LISTS = {
    "topicPolicy": ("topics",),
    "contentPolicy": ("filters",),
    "wordPolicy": ("customWords", "managedWordLists"),
    "sensitiveInformationPolicy": ("piiEntities", "regexes"),
}
_LONGEST_TEXT = 25 * _CHARACTERS_PER_UNIT
_GUARDED = "guard_content"


class Guardrail:
    """A guardrail in its pinned *version*, with *rules* in order; *configured* is what GetGuardrail says by version.

    Put something else into `configured["DRAFT"]` to play the console edit that a drift check must find.
    """

    def __init__(self, *rules: Rule, identifier: str = "gr0000000001", version: str = "1") -> None:
        self.rules: Sequence[Rule] = rules
        self.identifier = identifier
        self.version = version
        self.arn = f"arn:aws:bedrock:us-east-1:123456789012:guardrail/{identifier}"
        self.messages = {"INPUT": "I can't talk about that.", "OUTPUT": "I can't say that."}
        self.configured: dict[str, dict[str, Any]] = {"DRAFT": {}, version: {}}

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("bedrock-runtime", "ApplyGuardrail"): self._apply, ("bedrock", "GetGuardrail"): self._get}

    async def _apply(self, call: Call) -> Reply:
        self._check(call.arguments, call.arguments["guardrailVersion"])
        texts = [block["text"] for block in call.arguments["content"]]
        marked = [text for text in texts if _GUARDED in text.get("qualifiers", ())]
        guarded = "\n".join(text["text"] for text in marked or texts)
        if len(guarded) > _LONGEST_TEXT:
            raise Refusal("ValidationException", "Input is too long for the requested guardrail policies.")
        return output(call, self._verdict(guarded, call.arguments["source"], sum(len(text["text"]) for text in texts)))

    def _verdict(self, text: str, source: str, total: int) -> dict[str, Any]:
        found = [(rule, entries) for rule in self.rules if (entries := rule.assess(text))]
        blocked = any(not rule.mask for rule, _ in found)
        units = -(-len(text) // _CHARACTERS_PER_UNIT)
        usage = {f"{policy}Units": units for policy in _UNITS} | {"sensitiveInformationPolicyFreeUnits": 0}
        coverage = {"textCharacters": {"guarded": len(text), "total": total}}
        metrics = {"guardrailProcessingLatency": 120, "usage": usage, "guardrailCoverage": coverage}
        return {
            "usage": usage,
            "action": "GUARDRAIL_INTERVENED" if found else "NONE",
            "actionReason": _reason(found, blocked=blocked),
            "outputs": [{"text": self.messages[source] if blocked else self._masked(text)}] if found else [],
            "assessments": [{**_assessment(found), "invocationMetrics": metrics}],
            "guardrailCoverage": coverage,
        }

    def _masked(self, text: str) -> str:
        for rule in self.rules:
            text = rule.masked(text)
        return text

    async def _get(self, call: Call) -> Reply:
        version = call.arguments.get("guardrailVersion", "DRAFT")
        self._check(call.arguments, version)
        said = {
            "name": "companion",
            "guardrailId": self.identifier,
            "guardrailArn": self.arn,
            "version": version,
            "status": "READY",
            "createdAt": "2026-11-01T10:00:00Z",
            "updatedAt": "2026-11-01T10:00:00Z",
            "blockedInputMessaging": self.messages["INPUT"],
            "blockedOutputsMessaging": self.messages["OUTPUT"],
        }
        return output(call, {**said, **self.configured[version]})

    def _check(self, asked: Mapping[str, Any], version: str) -> None:
        if asked["guardrailIdentifier"] not in {self.identifier, self.arn} or version not in self.configured:
            raise Refusal("ResourceNotFoundException", "The guardrail identifier or version provided does not exist.")


def _assessment(found: Sequence[tuple[Rule, list[dict[str, object]]]]) -> dict[str, dict[str, list[dict[str, object]]]]:
    assessment: dict[str, dict[str, list[dict[str, object]]]] = {}
    for rule, entries in found:
        required = {
            "wordPolicy": ("customWords", "managedWordLists"),
            "sensitiveInformationPolicy": ("piiEntities", "regexes"),
        }
        policy = assessment.setdefault(rule.policy, {name: [] for name in required.get(rule.policy, (rule.entries,))})
        policy[rule.entries].extend(entries)
    return assessment


def _reason(found: Sequence[tuple[Rule, list[dict[str, object]]]], *, blocked: bool) -> str:
    if not found:
        return "No action."
    return "Guardrail blocked." if blocked else "Guardrail masked."
