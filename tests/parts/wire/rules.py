"""What a guardrail looks for, as a test writes it: `topic("Weapons", "bomb|gun")`, `word("darn")`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What is looked for, and the entry of the assessment that a match makes; with a *mask* it doesn't block."""

    pattern: str
    policy: str
    entries: str
    entry: Mapping[str, object]
    mask: str = ""
    tells_match: bool = False

    def assess(self, text: str) -> list[dict[str, object]]:
        """Return an entry for each different match in *text*, or one for all where entries don't tell it."""
        found = dict.fromkeys(match.group() for match in re.finditer(self.pattern, text, re.IGNORECASE))
        told = [{"match": match} for match in found] if self.tells_match else [{}] * bool(found)
        action = "ANONYMIZED" if self.mask else "BLOCKED"
        return [{**self.entry, **match, "action": action, "detected": True} for match in told]

    def masked(self, text: str) -> str:
        """Return *text* with what this masks replaced."""
        return re.sub(self.pattern, f"{{{self.mask}}}", text, flags=re.IGNORECASE) if self.mask else text


def topic(name: str, pattern: str) -> Rule:
    """Deny the topic *name*."""
    return Rule(pattern, "topicPolicy", "topics", {"name": name, "type": "DENY"})


def content(kind: str, pattern: str, confidence: str = "HIGH") -> Rule:
    """Block harmful content of a *kind* such as HATE or PROMPT_ATTACK."""
    return Rule(
        pattern, "contentPolicy", "filters", {"type": kind, "confidence": confidence, "filterStrength": "MEDIUM"}
    )


def word(pattern: str) -> Rule:
    """Block a word of the guardrail's own list."""
    return Rule(pattern, "wordPolicy", "customWords", {}, tells_match=True)


def pii(kind: str, pattern: str, *, block: bool = False) -> Rule:
    """Mask (or *block*) personal data of a *kind* such as EMAIL."""
    mask = "" if block else kind
    return Rule(pattern, "sensitiveInformationPolicy", "piiEntities", {"type": kind}, mask, tells_match=True)


def regex(name: str, pattern: str, *, block: bool = False) -> Rule:
    """Mask (or *block*) what the guardrail's own pattern *name* matches."""
    entry = {"name": name, "regex": pattern}
    return Rule(pattern, "sensitiveInformationPolicy", "regexes", entry, "" if block else name, tells_match=True)
