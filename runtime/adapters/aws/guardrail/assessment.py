"""The guardrail's own words as an opinion; whatever in them is not understood is no permission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.guardrail.opinion import Opinion, places
from runtime.errors import Unavailable
from runtime.policy import Finding

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime.type_defs import ApplyGuardrailResponseTypeDef

# Where an assessment lists what it found, and the field of each entry that names its rule; words have no name.
_RULES: Final = (
    ("topicPolicy", "topics", "name"),
    ("contentPolicy", "filters", "type"),
    ("wordPolicy", "customWords", ""),
    ("wordPolicy", "managedWordLists", "type"),
    ("contextualGroundingPolicy", "filters", "type"),
)
_PERSONAL: Final = (("piiEntities", "type"), ("regexes", "name"))


def read(response: ApplyGuardrailResponseTypeDef, text: str) -> Opinion:
    """Return the opinion on *text* that *response* holds; raise `Unavailable` where it holds none."""
    covered = response.get("guardrailCoverage", {}).get("textCharacters", {})
    if covered.get("guarded", 0) < covered.get("total", 0):
        raise Unavailable("the guardrail judged only a part of the text")
    if response.get("action") == "NONE":
        return Opinion()
    assessments: list[dict[str, Any]] = [{**assessment} for assessment in response.get("assessments", ())]
    opinion = Opinion(
        next(_refusing(assessments), ""),
        tuple(_personal(assessments, text, "BLOCKED")),
        tuple(_personal(assessments, text, "ANONYMIZED")),
    )
    if opinion == Opinion():
        raise Unavailable("the guardrail intervened, and does not say why")
    return opinion


def _refusing(assessments: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield the rules that refuse the whole text."""
    for assessment in assessments:
        for policy, entries, name in _RULES:
            for entry in assessment.get(policy, {}).get(entries, ()):
                if entry["action"] == "BLOCKED":
                    yield entry.get(name, "") or "WORD"


def _personal(assessments: Iterable[dict[str, Any]], text: str, action: str) -> Iterator[Finding]:
    """Yield the places of *text* with personal data that *action* is taken on."""
    for assessment in assessments:
        for entries, name in _PERSONAL:
            for entry in assessment.get("sensitiveInformationPolicy", {}).get(entries, ()):
                if entry["action"] == action:
                    yield from _located(text, entry.get("match", ""), entry.get(name, "PERSONAL"))


def _located(text: str, match: str, entity: str) -> tuple[Finding, ...]:
    found = places(text, match, entity)
    if not found:
        raise Unavailable("the guardrail found something that is not in the text")
    return found
