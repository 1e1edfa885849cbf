"""The guardrail's own words as an opinion; whatever in them is not understood is no permission."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from runtime.adapters.aws.guardrail.opinion import Opinion, places
from runtime.errors import Unavailable
from runtime.policy import Finding

if TYPE_CHECKING:
    from types_aiobotocore_bedrock_runtime.type_defs import ApplyGuardrailResponseTypeDef

_PERSONAL: Final = "sensitiveInformationPolicy"

Entry = tuple[str, dict[str, Any]]


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
    """Yield the rules that refuse the whole text, also those of policies that nobody knew when this was written."""
    for policy, entry in _entries(assessments):
        if policy != _PERSONAL and entry.get("action") == "BLOCKED":
            yield _rule(policy, entry)


def _personal(assessments: Iterable[dict[str, Any]], text: str, action: str) -> Iterator[Finding]:
    """Yield the places of *text* with personal data that *action* is taken on."""
    for policy, entry in _entries(assessments):
        if policy == _PERSONAL and entry.get("action") == action:
            yield from _located(text, entry.get("match", ""), _rule(policy, entry))


def _entries(assessments: Iterable[dict[str, Any]]) -> Iterator[Entry]:
    """Yield what each policy found, with the policy's name; not everything in an assessment is a finding."""
    for assessment in assessments:
        for policy, lists in assessment.items():
            for found in lists.values():
                entries = found if isinstance(found, list) else ()
                yield from ((policy, entry) for entry in entries if isinstance(entry, dict))


def _rule(policy: str, entry: dict[str, Any]) -> str:
    """Name the rule: a topic by its name, a filter by its type, a word by its policy, never by itself."""
    return str(entry.get("name") or entry.get("type") or policy)


def _located(text: str, match: str, entity: str) -> tuple[Finding, ...]:
    found = places(text, match, entity)
    if not found:
        raise Unavailable("the guardrail found something that is not in the text")
    return found
