"""Judges in process: the policy's own patterns, its topics and crisis phrases, and a lexicon for its filters.

A stand-in for a classifier, with a classifier's interface: it knows words and phrases, and nothing of what they mean.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from runtime.conversation import Passage, Verdict
from runtime.policy import Finding, Policy, find, masked
from runtime.policy.phrases import Phrases, Rule

_CRISIS = "CRISIS"


class LexiconModerator:
    """Enforces one policy on a laptop."""

    def __init__(self, policy: Policy) -> None:
        """Compile the phrases of *policy*, and the lexicon of the categories that it filters."""
        always = [Rule(topic.name, topic.phrases, topic.exceptions) for topic in policy.topics]
        always.append(Rule(_CRISIS, policy.crisis.phrases, policy.crisis.exceptions))
        filters = policy.filters
        self._phrases = {
            "input": Phrases((*always, *_lexicon(name for name in filters if filters[name].input != "NONE"))),
            "output": Phrases((*always, *_lexicon(name for name in filters if filters[name].output != "NONE"))),
        }

    async def judge(self, passage: Passage) -> Verdict:
        """Return the verdict; crisis language goes before everything, since it is answered and not refused."""
        text, before = passage.text, passage.before
        labels = self._phrases[passage.source].find(text, before)
        if _CRISIS in labels and passage.source == "input":
            return Verdict("crisis", "", _CRISIS)
        if labels:
            return Verdict("block", "", min(labels))
        findings = _findings(text, before)
        if not findings:
            return Verdict("allow", text)
        if cards := [finding for finding in findings if finding.entity != "EMAIL"]:
            return Verdict("block", "", cards[0].entity)
        return Verdict("mask", masked(text, findings), findings[0].entity)


def _findings(text: str, before: str) -> list[Finding]:
    """Return what of *text* is to be masked or blocked, though it may have begun *before*."""
    offset = len(before)
    return [
        Finding(max(start - offset, 0), end - offset, entity)
        for start, end, entity in find(before + text)
        if end > offset
    ]


def _lexicon(names: Iterator[str]) -> Iterator[Rule]:
    entries = _entries()
    for name in names:
        entry = entries.get(name, {})
        yield Rule(name, tuple(entry.get("phrases", ())), tuple(entry.get("exceptions", ())))


@cache
def _entries() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads((files(__package__) / "lexicon.toml").read_text(encoding="utf-8"))
