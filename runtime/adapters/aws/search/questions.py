"""What a cue asks of the index: every leg a query, all of them one round trip.

More is asked for than is needed: the service chooses by its own scores, and ours decide. A hundred neighbours at least
are looked for in meaning, for an approximate index that is asked for ten finds half of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from runtime.adapters.aws.search.cards import READ
from runtime.ports import Cue

REACHED: Final = ("words", "nearby_words", "around_words")
"""The field of each reach."""
_NEIGHBOURS: Final = 100
_SPARE: Final = 2
_PRODUCT: Final = """
    if (doc[params.vector].size() == 0 || doc[params.model].size() == 0) { return 0.0; }
    if (doc[params.model].value != params.of) { return 0.0; }
    float[] kept = doc[params.vector].value;
    List asked = params.asked;
    double sum = 0.0;
    for (int i = 0; i < kept.length; i++) { sum += kept[i] * (double) asked.get(i); }
    return sum;
"""


@dataclass(frozen=True, slots=True)
class Question:
    """A cue as it is asked of the index: for *owner* at *now*, *tokens* its words there, *vector* in its dimension."""

    owner: str
    now: float
    cue: Cue
    tokens: Sequence[str]
    vector: Sequence[float] | None
    limit: int

    def queries(self) -> dict[str, Mapping[str, Any]]:
        """Return the legs' queries by their names."""
        return {
            **({"newest": self._newest()} if self.cue.only else {}),
            **(self._lexical() if self.tokens else {}),
            **(self._dense() if self.vector is not None and self.cue.vector is not None else {}),
            **({"about": self._about()} if self.cue.about else {}),
        }

    def kept(self, role: str) -> list[dict[str, Any]]:
        """Return the filter of what is there of one role."""
        return [{"term": {"owner": self.owner}}, {"term": {"role": role}}, {"range": {"until": {"gt": self.now}}}]

    def _candidates(self) -> list[dict[str, Any]]:
        if self.cue.only is None:
            return self.kept("said")
        since, until = self.cue.only
        return [*self.kept("said"), {"range": {"at": {"gte": since, "lt": until}}}]

    def _lexical(self) -> dict[str, Mapping[str, Any]]:
        legs = {field: self._found(self._worded(field, self._candidates())) for field in REACHED}
        facts = {**READ, "size": self.limit * _SPARE, "query": self._worded("words", self.kept("fact"))}
        return {
            **legs,
            "history": self._history("said"),
            "facts": facts,
            "fact_history": self._history("fact"),
        }

    def _worded(self, field: str, kept: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        should = [{"term": {field: token}} for token in self.tokens]
        return {"bool": {"filter": kept, "should": should, "minimum_should_match": 1}}

    def _history(self, role: str) -> dict[str, Any]:
        """Ask for what scores are made of: how many records there are, how long, and in how many each word is."""
        words = {token: {"term": {"words": token}} for token in self.tokens}
        return {
            "size": 0,
            "track_total_hits": True,
            "query": {"bool": {"filter": self.kept(role)}},
            "aggs": {"length": {"avg": {"field": "size"}}, "words": {"filters": {"filters": words}}},
        }

    def _newest(self) -> dict[str, Any]:
        query = {"bool": {"filter": self._candidates()}}
        return {**self._found(query), "size": self.limit, "sort": [{"at": "desc"}, {"key": "desc"}]}

    def _dense(self) -> dict[str, Mapping[str, Any]]:
        model = self.cue.vector.model if self.cue.vector else ""
        return {
            field: {**self._found(self._near(field, of, model)), "size": self.limit}
            for field, of in (("vector", "model"), ("nearby", "nearby_model"))
        }

    def _near(self, field: str, of: str, model: str) -> dict[str, Any]:
        kept = {"bool": {"filter": [*self._candidates(), {"term": {of: model}}]}}
        return {"knn": {field: {"vector": self.vector, "k": max(_NEIGHBOURS, self.limit), "filter": kept}}}

    def _about(self) -> dict[str, Any]:
        asked = {"terms": {"attribute": sorted(self.cue.about)}}
        return {
            **READ,
            "size": self.limit,
            "query": {"bool": {"filter": [*self.kept("fact"), asked]}},
            "sort": [{"at": "desc"}, {"key": "desc"}],
        }

    def _found(self, query: Mapping[str, Any]) -> dict[str, Any]:
        """Ask for what the scores of each hit of *query* are made of: how near in meaning it is too."""
        found: dict[str, Any] = {
            "size": self.limit * _SPARE,
            **READ,
            "query": query,
        }
        if self.vector is None or self.cue.vector is None:
            return found
        asked = {"asked": self.vector, "of": self.cue.vector.model}
        products = {
            name: {"script": {"source": _PRODUCT, "params": {**asked, "vector": field, "model": of}}}
            for name, field, of in (("meaning", "vector", "model"), ("meaning_nearby", "nearby", "nearby_model"))
        }
        return {**found, "script_fields": products}
