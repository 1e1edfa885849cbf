"""What IAM says of a request: what one statement denies is denied, and else what one allows is allowed.

Judged are Action and Resource with their wildcards and negations, Principal, and the conditions on texts, ARNs, truth
and absence whose keys are known of the request. What is not (numbers, dates, addresses, sets of values, variables of a
policy, keys that nobody told) is named in the judgement and held neither for true nor for false.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

Document = Mapping[str, Any]


class Word(Enum):
    """How a request is answered."""

    ALLOWED = "allowed"
    DENIED = "denied by a statement"
    NOBODY = "allowed by no statement"
    UNJUDGED = "a matter of conditions that can't be judged here"


@dataclass(frozen=True)
class Request:
    """Who asks for what; *context* has each key that is known, with None for one that is known to be absent."""

    action: str
    resource: str
    context: Mapping[str, str | None] = field(default_factory=dict)
    principal: str = ""


@dataclass(frozen=True)
class Judgement:
    """The word, and what it could not be based on."""

    word: Word
    unjudged: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Match:
    """Whether a statement is about a request, as far as that is not a matter of *doubts*."""

    holds: bool
    doubts: frozenset[str] = frozenset()


def judge(request: Request, documents: Iterable[Document]) -> Judgement:
    """Return what *documents* together say of *request*."""
    said = [one for document in documents for one in _listed(document["Statement"])]
    denies = [_match(one, request) for one in said if one["Effect"] == "Deny"]
    allows = [_match(one, request) for one in said if one["Effect"] == "Allow"]
    if any(_is_sure(match) for match in denies):
        return Judgement(Word.DENIED)
    doubts = _doubts(denies)
    if any(_is_sure(match) for match in allows):
        return Judgement(Word.UNJUDGED, doubts) if doubts else Judgement(Word.ALLOWED)
    perhaps = _doubts(allows)
    return Judgement(Word.UNJUDGED, doubts | perhaps) if perhaps else Judgement(Word.NOBODY)


def _is_sure(match: _Match) -> bool:
    return match.holds and not match.doubts


def _doubts(matches: Iterable[_Match]) -> frozenset[str]:
    return frozenset(doubt for match in matches if match.holds for doubt in match.doubts)


def _match(statement: Document, request: Request) -> _Match:
    parts = [
        _listed_in(statement, "Action", request.action.lower(), str.lower),
        _listed_in(statement, "Resource", request.resource, str),
        _principal(statement, request.principal),
        *_conditions(statement.get("Condition", {}), request.context),
    ]
    if not all(part.holds for part in parts):
        return _Match(holds=False)
    return _Match(holds=True, doubts=_doubts(parts))


def _listed_in(statement: Document, name: str, asked: str, written: Callable[[str], str]) -> _Match:
    """Say whether *asked* is what a statement is about by *name* or by not being its negation's; none: by all."""
    if f"Not{name}" in statement:
        return _negated(_any_like(_listed(statement[f"Not{name}"]), asked, written))
    return _any_like(_listed(statement[name]), asked, written) if name in statement else _Match(holds=True)


def _any_like(patterns: Iterable[str], asked: str, written: Callable[[str], str] = str) -> _Match:
    patterns = list(patterns)
    if any("${" not in pattern and _is_like(written(pattern), asked) for pattern in patterns):
        return _Match(holds=True)
    variables = frozenset(pattern for pattern in patterns if "${" in pattern)
    return _Match(holds=bool(variables), doubts=variables)


def _negated(match: _Match) -> _Match:
    return match if match.doubts else _Match(holds=not match.holds)


def _is_like(pattern: str, text: str) -> bool:
    """Say whether *text* is what a *pattern* of `*` and `?` means."""
    parts = {"*": ".*", "?": "."}
    return re.fullmatch("".join(parts.get(one, re.escape(one)) for one in pattern), text, re.DOTALL) is not None


def _principal(statement: Document, asked: str) -> _Match:
    if "NotPrincipal" in statement:
        return _Match(holds=True, doubts=frozenset({"NotPrincipal"}))
    if "Principal" not in statement:
        return _Match(holds=True)
    said = statement["Principal"]
    named = [said] if isinstance(said, str) else [one for kind in said.values() for one in _listed(kind)]
    return _Match(holds="*" in named or asked in named)


def _conditions(said: Mapping[str, Mapping[str, Any]], context: Mapping[str, str | None]) -> Iterator[_Match]:
    known = {key.lower(): value for key, value in context.items()}
    for operator, keys in said.items():
        for key, values in keys.items():
            yield _condition(operator, key, [str(one) for one in _listed(values)], known)


def _condition(operator: str, key: str, values: list[str], known: Mapping[str, str | None]) -> _Match:
    name, optional = operator.removesuffix("IfExists"), operator.endswith("IfExists")
    unjudged = _Match(holds=True, doubts=frozenset({f"{operator} {key}"}))
    if key.lower() not in known or any("${" in one for one in values):
        return unjudged
    value = known[key.lower()]
    if name == "Null":
        return _Match(holds=(value is None) == (values == ["true"]))
    if name not in _OPERATORS:
        return unjudged
    positive, compare = _OPERATORS[name]
    if value is None:
        return _Match(holds=optional or not positive)
    return _Match(holds=any(compare(one, value) for one in values) == positive)


def _is_same(said: str, value: str) -> bool:
    return said == value


def _is_same_but_for_case(said: str, value: str) -> bool:
    return said.lower() == value.lower()


_OPERATORS: Mapping[str, tuple[bool, Callable[[str, str], bool]]] = {
    "ArnEquals": (True, _is_like),
    "ArnLike": (True, _is_like),
    "ArnNotEquals": (False, _is_like),
    "ArnNotLike": (False, _is_like),
    "Bool": (True, _is_same_but_for_case),
    "StringEquals": (True, _is_same),
    "StringEqualsIgnoreCase": (True, _is_same_but_for_case),
    "StringLike": (True, _is_like),
    "StringNotEquals": (False, _is_same),
    "StringNotEqualsIgnoreCase": (False, _is_same_but_for_case),
    "StringNotLike": (False, _is_like),
}
"""Whether each holds by being so, or by not being so; and how one value is compared with what is said of it."""


def _listed(value: Any) -> list[Any]:  # noqa: ANN401 - JSON
    return value if isinstance(value, list) else [value]
