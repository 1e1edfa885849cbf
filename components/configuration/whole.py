"""A stack's configuration as one value: its parts, and what can only be seen when they stand together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, get_type_hints

from components.configuration.ground import Functions, Keeping, Names, Network, Watch
from components.configuration.reading import part, settings
from components.configuration.service import Answers, Edge, Search, SignIn, Voice, Work
from components.refusal import Misconfigured

_OURS = "companion:"


@dataclass(frozen=True, kw_only=True)
class Configuration:
    """All that a stack is told."""

    names: Names
    functions: Functions
    keeping: Keeping
    network: Network
    sign_in: SignIn
    search: Search
    answers: Answers
    voice: Voice
    work: Work
    edge: Edge
    watch: Watch

    def __post_init__(self) -> None:
        """Refuse what cannot work together."""
        if self.search.search_in_vpc and not self.network.terraform_state:
            raise Misconfigured.because(
                got="searchInVpc: true and no terraformState",
                why="what searches in a VPC also calls services outside it, and our own small VPC has no way out",
                instead="pulumi config set terraformState s3://bucket/key?region=..., or searchInVpc false",
            )
        if self.keeping.deletion_protection and not self.watch.alarm_email:
            raise Misconfigured.because(
                got="deletionProtection: true and no alarmEmail",
                why="nobody would hear the alarms of a stack that is worth protecting",
                instead="pulumi config set alarmEmail you@example.org",
            )


def known() -> list[str]:
    """Return all settings that there are."""
    return [name for kind in get_type_hints(Configuration).values() for name in settings(kind)]


def read(given: Mapping[str, str], stack: str) -> Configuration:
    """Return the configuration that *given* holds for *stack*; raise `Misconfigured`, naming all that cannot work.

    *given* is what Pulumi hands to the program: the settings of the stack with the defaults of Pulumi.yaml.
    """
    ours = {key.removeprefix(_OURS): text for key, text in given.items() if key.startswith(_OURS)}
    ours |= {"prefix": ours.get("prefix") or f"companion-{stack}", "region": given.get("aws:region", "")}
    ours.setdefault("terraformToken", "")
    wrong: list[Misconfigured] = [_unknown(name) for name in sorted(set(ours) - set(known()))]
    parts = {name: _tried(wrong, kind, ours) for name, kind in get_type_hints(Configuration).items()}
    if wrong:
        raise Misconfigured.together(wrong)
    return Configuration(**parts)


def _tried(wrong: list[Misconfigured], kind: type, given: Mapping[str, str]) -> Any:  # noqa: ANN401 - any part
    """Return a *kind* of what *given* holds, or add to what is *wrong* why there is none."""
    try:
        return part(kind, given)
    except Misconfigured as refusal:
        wrong.append(refusal)
        return None


def _unknown(name: str) -> Misconfigured:
    near = get_close_matches(name, known(), n=1) or [known()[0]]
    return Misconfigured.because(
        got=name, why="nothing reads a setting of that name", instead=f"pulumi config set {near[0]} ..."
    )
