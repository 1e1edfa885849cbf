"""Tells whether the guardrail in use is still what the policy says.

Two things can come apart: somebody edits the guardrail in the console (its draft), and the version in use is not the
one that was made from this build's policy. Both are looked at: what is configured, and the hash in the description.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.errors import translated
from runtime.errors import Misconfigured, Unavailable
from runtime.policy import Policy
from runtime.ports import Metrics

if TYPE_CHECKING:
    from types_aiobotocore_bedrock import BedrockClient

_DRAFT: Final = "DRAFT"
# A version is described by the hash of its policy; whether GetGuardrail tells that, or the guardrail's own description,
# AWS does not say, so what holds no hash says nothing.
_HASH: Final = re.compile(r"\b[0-9a-f]{64}\b")
_OTHERS: Final = ("wordPolicy", "contextualGroundingPolicy", "automatedReasoningPolicy")


class Drift:
    """Compares the guardrail *identifier* at *version*, and its draft, with *policy*."""

    def __init__(
        self, client: BedrockClient, identifier: str, version: str, *, policy: Policy, metrics: Metrics
    ) -> None:
        self._client, self._identifier, self._version = client, identifier, version
        self._policy, self._metrics = policy, metrics

    async def check(self) -> None:
        """Raise `Misconfigured` where something differs; record `guardrail.checked`, and `guardrail.drifted` if so."""
        deployed, draft = await self._get(self._version), await self._get(_DRAFT)
        found = [f"{part} of version {self._version}" for part in differences(deployed, self._policy)]
        found += [f"{part} of the draft" for part in differences(draft, self._policy)]
        self._metrics.record("guardrail.checked", differences=len(found))
        if found:
            self._metrics.record("guardrail.drifted", differences=len(found))
            raise Misconfigured(
                f"got: another {', another '.join(found)}; why not: the policy of this build says otherwise; "
                "instead: change runtime/policy/policy.toml if that is meant, and deploy again"
            )

    async def _get(self, version: str) -> Mapping[str, Any]:
        with translated("the guardrail"):
            told = await self._client.get_guardrail(guardrailIdentifier=self._identifier, guardrailVersion=version)
        if "guardrailId" not in told:
            raise Unavailable("the guardrail's service sent half an answer")
        return {**told}


def differences(guardrail: Mapping[str, Any], policy: Policy) -> list[str]:
    """Name the parts in which *guardrail*, as GetGuardrail tells it, is not what *policy* says."""
    wanted, found = _wanted(policy), _found(guardrail)
    hashes = set(_HASH.findall(guardrail.get("description", "")))
    return [*(["policy"] if hashes - {policy.hash} else []), *(part for part in wanted if wanted[part] != found[part])]


def _wanted(policy: Policy) -> dict[str, object]:
    return {
        "filters": {name: (each.input, each.output) for name, each in policy.filters.items()},
        "topics": {topic.name: (topic.definition, topic.examples) for topic in policy.topics},
        "pii": dict(policy.pii),
        "messages": (policy.messages.input, policy.messages.output),
        "switched off": [],
        "others": [],
    }


def _found(guardrail: Mapping[str, Any]) -> dict[str, object]:
    filters = _entries(guardrail, "contentPolicy", "filters")
    topics = _entries(guardrail, "topicPolicy", "topics")
    pii = _entries(guardrail, "sensitiveInformationPolicy", "piiEntities")
    return {
        "filters": {each["type"]: (each["inputStrength"], each["outputStrength"]) for each in filters},
        "topics": {each["name"]: (each["definition"], tuple(each.get("examples", ()))) for each in topics},
        "pii": {each["type"]: each["action"] for each in pii},
        "messages": (guardrail["blockedInputMessaging"], guardrail["blockedOutputsMessaging"]),
        "switched off": list(_switched_off((*filters, *topics, *pii))),
        "others": [name for name in _OTHERS if any((guardrail.get(name) or {}).values())],
    }


def _entries(guardrail: Mapping[str, Any], policy: str, entries: str) -> list[Mapping[str, Any]]:
    return list(guardrail.get(policy, {}).get(entries, ()))


def _switched_off(entries: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Yield what is there and does nothing: an edit may leave a filter in place and take its effect away."""
    for entry in entries:
        for side in ("input", "output"):
            acts = entry.get(f"{side}Enabled", True) and entry.get(f"{side}Action") != "NONE"
            if not acts and entry.get(f"{side}Strength") != "NONE":
                yield f"{entry.get('name', entry['type'])} {side}"
