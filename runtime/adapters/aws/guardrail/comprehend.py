"""Comprehend's second opinion: how toxic a text is, and which personal data are in it.

It reads English; of other languages it says nothing that counts, which leaves the guardrail's opinion.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final, Literal

from runtime.adapters.aws.errors import translated
from runtime.adapters.aws.guardrail.opinion import Opinion
from runtime.errors import Unavailable, cause_of
from runtime.policy import Finding, Policy

if TYPE_CHECKING:
    from types_aiobotocore_comprehend import ComprehendClient
    from types_aiobotocore_comprehend.type_defs import PiiEntityTypeDef, ToxicLabelsTypeDef

_PART: Final = "Comprehend"
_SEGMENT_BYTES: Final = 1_024
_SEGMENTS: Final = 10
# The policy's category of each label; what is profane or harasses is an insult there: a person may, the companion not.
_CATEGORY: Final = {
    "GRAPHIC": "VIOLENCE",
    "HARASSMENT_OR_ABUSE": "INSULTS",
    "HATE_SPEECH": "HATE",
    "INSULT": "INSULTS",
    "PROFANITY": "INSULTS",
    "SEXUAL": "SEXUAL",
    "VIOLENCE_OR_THREAT": "VIOLENCE",
}
# From which score on a label refuses, by the strength of its category: what refuses alone must be sure.
_SURE: Final = {"HIGH": 0.7, "MEDIUM": 0.8, "LOW": 0.9}
# The policy's own patterns have found every address and card that is one; what is left to find is disguised.
_SURE_OF_DATA: Final = 0.9
_ENTITY: Final = {"EMAIL": "EMAIL", "CREDIT_DEBIT_NUMBER": "CREDIT_DEBIT_CARD_NUMBER"}


class Comprehend:
    """Asks for the opinion that *policy* makes of Comprehend's scores."""

    def __init__(self, client: ComprehendClient, policy: Policy) -> None:
        self._client, self._pii = client, policy.pii
        self._sure: dict[str, dict[str, float]] = {
            "input": {name: _SURE[each.input] for name, each in policy.filters.items() if each.input != "NONE"},
            "output": {name: _SURE[each.output] for name, each in policy.filters.items() if each.output != "NONE"},
        }

    async def opinion(self, text: str, source: Literal["input", "output"]) -> Opinion:
        """Return what is wrong with *text*; raise `Unavailable` where Comprehend does not say."""
        pieces = list(segments(text))
        batches = [pieces[start : start + _SEGMENTS] for start in range(0, len(pieces), _SEGMENTS)]
        try:
            async with asyncio.TaskGroup() as asking:
                toxic = [asking.create_task(self._toxic(batch)) for batch in batches]
                personal = asking.create_task(self._personal(text))
        except BaseExceptionGroup as group:
            raise cause_of(group) from None
        labels = [labels for task in toxic for labels in task.result()]
        blocked, hidden = self._sorted(personal.result(), len(text))
        return Opinion(_refusing(labels, self._sure[source]), blocked, hidden)

    async def _toxic(self, batch: list[str]) -> list[ToxicLabelsTypeDef]:
        with translated(_PART):
            response = await self._client.detect_toxic_content(
                TextSegments=[{"Text": text} for text in batch], LanguageCode="en"
            )
        results = response.get("ResultList", [])
        if len(results) != len(batch) or not all(labels.get("Labels") for labels in results):
            raise Unavailable(f"{_PART} judged only a part of the text")
        return results

    async def _personal(self, text: str) -> list[PiiEntityTypeDef]:
        with translated(_PART):
            response = await self._client.detect_pii_entities(Text=text, LanguageCode="en")
        if (entities := response.get("Entities")) is None:
            raise Unavailable(f"{_PART} does not say what it found")
        return entities

    def _sorted(
        self, entities: Iterable[PiiEntityTypeDef], length: int
    ) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
        """Return what of *entities* the policy blocks, and what it masks."""
        blocked: list[Finding] = []
        hidden: list[Finding] = []
        for entity in entities:
            name = _ENTITY.get(entity["Type"], "")
            if name not in self._pii or entity["Score"] < _SURE_OF_DATA:
                continue
            start, end = entity["BeginOffset"], entity["EndOffset"]
            if not 0 <= start < end <= length:
                raise Unavailable(f"{_PART} found something that is not in the text")
            (blocked if self._pii[name] == "BLOCK" else hidden).append(Finding(start, end, name))
        return tuple(blocked), tuple(hidden)


def segments(text: str) -> Iterator[str]:
    """Cut *text* into pieces of at most 1 KB of UTF-8, at a space where there is one; blank ones are left out."""
    while text:
        head = text.encode()[:_SEGMENT_BYTES].decode(errors="ignore")
        if len(head) < len(text):
            head = head[: head.rfind(" ") + 1] or head
        if head.strip():
            yield head
        text = text[len(head) :]


def _refusing(results: Iterable[ToxicLabelsTypeDef], sure: Mapping[str, float]) -> str:
    """Return the rule that refuses one of the texts, the most certain first; none: empty.

    A label that nobody knew when this was written is a rule of its own.
    """
    scores = [
        (label["Score"], category)
        for labels in results
        for label in labels["Labels"]
        if label["Score"] >= _least(category := _CATEGORY.get(label["Name"], label["Name"]), sure)
    ]
    return max(scores, default=(0.0, ""))[1]


def _least(category: str, sure: Mapping[str, float]) -> float:
    return sure.get(category, math.inf if category in _CATEGORY.values() else _SURE["HIGH"])
