"""From the answers to a question's queries to candidates: scored exactly, the best of each leg, in their order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from runtime.adapters.aws.search.cards import Card, card
from runtime.adapters.aws.search.documents import Answer, hits, key
from runtime.adapters.aws.search.questions import REACHED, Question
from runtime.adapters.aws.search.scoring import History, scored
from runtime.conversation import Memory
from runtime.ports import Candidate, Cue

_LEGS = ("words", "nearby", "around")
_MEANT = ("meaning", "meaning_nearby")
_SAID = ("newest", *REACHED, "vector", "nearby")


@dataclass(frozen=True, slots=True)
class _Found:
    card: Card
    scores: dict[str, float]

    @property
    def place(self) -> tuple[str, float, str]:
        return (self.card.memory.session, *self.card.place)


def found(question: Question, answers: Mapping[str, Answer]) -> list[Candidate]:
    """Return the candidates for *question*: what was said, then facts by their words, then those asked about."""
    said = _said(question, answers)
    facts = _facts(question, answers)
    known = {one.memory.id for one in facts}
    about = [card(hit["fields"]).memory for hit in hits(answers["about"])] if "about" in answers else ()
    return [*said, *facts, *(Candidate(fact, {"fact": 0.0}) for fact in about if fact.id not in known)]


def _said(question: Question, answers: Mapping[str, Answer]) -> list[Candidate]:
    history = _history(answers.get("history"))
    everything = _unique(hit for name in _SAID if name in answers for hit in hits(answers[name]))
    rated = [_rated(hit, history, question) for hit in everything]
    legs = {leg for one in rated for leg in one.scores}
    chosen = {one.card.key: one for leg in legs for one in _best(rated, leg, question.limit)}
    newest = {key(hit) for hit in hits(answers["newest"])} if "newest" in answers else set()
    chosen |= {one.card.key: one for one in rated if one.card.key in newest}
    ordered = sorted(chosen.values(), key=lambda one: one.place)
    ids = {one.card.key: one.card.memory.id for one in ordered}
    return [_candidate(one, ids, question) for one in ordered]


def _rated(hit: Mapping[str, Any], history: History, question: Question) -> _Found:
    kept = card(hit["fields"])
    scores = dict(zip(_LEGS, scored(kept, history, question.now), strict=True))
    scores |= {leg: hit["fields"][leg][0] for leg in _MEANT if leg in hit["fields"]}
    return _Found(kept, scores)


def _best(rated: Sequence[_Found], leg: str, limit: int) -> list[_Found]:
    there = [one for one in rated if one.scores[leg]]
    return sorted(there, key=lambda one: (-one.scores[leg], -one.card.memory.at, one.card.key))[:limit]


def _candidate(one: _Found, ids: Mapping[str, str], question: Question) -> Candidate:
    before, after = one.card.b1, one.card.a1
    dated = {"date": 1.0} if _is_in(one.card.memory, question.cue) else {}
    return Candidate(
        one.card.memory,
        {**one.scores, **dated},
        ids.get(before.key) if before else None,
        ids.get(after.key) if after else None,
    )


def _is_in(said: Memory, cue: Cue) -> bool:
    return cue.only is not None and cue.only[0] <= said.at < cue.only[1]


def _facts(question: Question, answers: Mapping[str, Answer]) -> list[Candidate]:
    if "facts" not in answers:
        return []
    history = _history(answers["fact_history"])
    rated = [_rated(hit, history, question) for hit in hits(answers["facts"])]
    best = sorted(_best(rated, "words", question.limit), key=lambda one: one.place)
    return [Candidate(one.card.memory, {"fact": one.scores["words"]}) for one in best]


def _history(answer: Answer | None) -> History:
    if answer is None:
        return History(0, 0.0, {})
    counted = answer["aggregations"]
    holders = {token: of["doc_count"] for token, of in counted["words"]["buckets"].items()}
    return History(answer["hits"]["total"]["value"], counted["length"]["value"] or 0.0, holders)


def _unique(found: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return list({key(hit): hit for hit in found}.values())
