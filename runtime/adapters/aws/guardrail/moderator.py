"""Judges by the guardrail that was made from the policy, in its pinned version, and by Comprehend beside it.

What no service does is done here first, as on a laptop: the language of somebody in danger, and the policy's own
patterns. Any doubt, any failure, any answer of which a part is missing is `Unavailable`: the gate stays closed.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.guardrail import assessment
from runtime.adapters.aws.guardrail.comprehend import Comprehend
from runtime.adapters.aws.guardrail.opinion import Opinion, verdict
from runtime.conversation import Passage, Verdict
from runtime.errors import Failure, Unavailable, cause_of
from runtime.policy import Policy, find
from runtime.policy.phrases import Phrases, Rule

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime import BedrockRuntimeClient

_CRISIS: Final = "CRISIS"


class GuardrailModerator:
    """Asks the guardrail *identifier* at *version*, and *second* for a second opinion, about every passage."""

    def __init__(
        self, client: BedrockRuntimeClient, identifier: str, version: str, *, second: Comprehend, policy: Policy
    ) -> None:
        self._client, self._identifier, self._version = client, identifier, version
        self._second, self._pii = second, policy.pii
        self._crisis = Phrases([Rule(_CRISIS, policy.crisis.phrases, policy.crisis.exceptions)])

    async def judge(self, passage: Passage) -> Verdict:
        """Return the verdict; one that is certain without any service needs none."""
        if self._crisis.find(passage.text, passage.before):
            return Verdict("crisis" if passage.source == "input" else "block", "", _CRISIS)
        text = passage.before + passage.text
        own = self._own(text)
        known = verdict(passage, [own])
        if known.blocked or not text.strip():
            return known
        try:
            return verdict(passage, [own, *await self._opinions(passage, text)])
        except Failure as failure:
            after = failure.after if isinstance(failure, Unavailable) else 0.0
            raise Unavailable("the moderator does not answer", after=after) from failure

    def _own(self, text: str) -> Opinion:
        found = find(text)
        blocked = tuple(place for place in found if self._pii[place.entity] == "BLOCK")
        return Opinion("", blocked, tuple(place for place in found if self._pii[place.entity] != "BLOCK"))

    async def _opinions(self, passage: Passage, text: str) -> list[Opinion]:
        try:
            async with asyncio.TaskGroup() as asking:
                first = asking.create_task(self._guardrail(passage, text))
                second = asking.create_task(self._second.opinion(text, passage.source))
        except BaseExceptionGroup as group:
            raise cause_of(group) from None
        return [first.result(), second.result()]

    async def _guardrail(self, passage: Passage, text: str) -> Opinion:
        with translated("the guardrail"):
            response = await self._client.apply_guardrail(
                guardrailIdentifier=self._identifier,
                guardrailVersion=self._version,
                source="INPUT" if passage.source == "input" else "OUTPUT",
                content=[{"text": {"text": text}}],
            )
        return assessment.read(response, text)
