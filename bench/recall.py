"""How much of what a question needs is recalled: any dialogue, written and asked as the product does it.

`python -m bench recall --turns TURNS.jsonl --questions QUESTIONS.jsonl [--model DIR] [--search]` prints one JSON
object. With a model what was said is embedded once it is all remembered, as a background job does after each turn. With
`--search` the memory is the cloud's, on a node of OpenSearch (Java 17).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import fmean
from typing import Any

from bench.shelves import Shelf, in_opensearch, on_a_laptop
from runtime.adapters.local.sentence_model import SentenceModel
from runtime.conversation import Said, tokens
from runtime.ports import Clock, Embedder, Memories
from runtime.recall import Meaning, recall

_DEPTHS = (5, 10, 20)


@dataclass(slots=True)
class _Dial:
    """The time of day of the question that is asked."""

    at: float = 0.0

    def now(self) -> float:
        return self.at


@dataclass(slots=True)
class _Outcome:
    """What was measured, question by question."""

    shares: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    groups: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    tokens: list[float] = field(default_factory=list)
    ms: list[float] = field(default_factory=list)

    def add(self, question: dict[str, Any], found: Sequence[str]) -> None:
        evidence = set(question["evidence"])
        for depth in _DEPTHS:
            self.shares[depth].append(len(evidence.intersection(found[:depth])) / len(evidence))
        self.groups[str(question.get("group", "all"))].append(self.shares[10][-1])

    def report(self) -> dict[str, Any]:
        return {
            **{f"recall@{depth}": _mean(self.shares[depth]) for depth in _DEPTHS},
            "groups": {group: _mean(shares) for group, shares in sorted(self.groups.items())},
            **{f"tokens_p{part}": round(_part(self.tokens, part)) for part in (50, 95)},
            **{f"ms_p{part}": round(_part(self.ms, part), 3) for part in (50, 95)},
        }


def main(arguments: list[str]) -> None:
    """Measure the dialogue that *arguments* name and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m bench recall", description=__doc__)
    parser.add_argument("--turns", type=Path, required=True, help="JSON lines: user, id, session, at, speaker, text")
    parser.add_argument("--questions", type=Path, required=True, help="JSON lines: user, question, at, evidence, group")
    parser.add_argument("--model", type=Path, help="the folder of a sentence model (make model); without: words alone")
    parser.add_argument("--search", action="store_true", help="remember in OpenSearch, as the cloud does")
    chosen = parser.parse_args(arguments)
    embedder = SentenceModel(chosen.model) if chosen.model else None
    opens = in_opensearch if chosen.search else on_a_laptop
    print(json.dumps(asyncio.run(measure(lines(chosen.turns), lines(chosen.questions), embedder, opens))))


async def measure(
    turns: Iterable[dict[str, Any]],
    questions: Iterable[dict[str, Any]],
    embedder: Embedder | None = None,
    opens: Callable[[Clock], AbstractAsyncContextManager[Shelf]] = on_a_laptop,
) -> dict[str, Any]:
    """Remember *turns*, ask *questions* that have evidence, and return the shares of it that were recalled."""
    dial, outcome, users = _Dial(), _Outcome(), Counter[str]()
    async with opens(dial) as memories:
        meaning = Meaning(embedder, memories.vectors) if embedder else None
        for turn in turns:
            users[str(turn["user"])] += 1
            await memories.remember(str(turn["user"]), _said(turn))
        if meaning:
            await _learn(meaning, users)
        for question in questions:
            if question["evidence"]:
                await _ask(memories, meaning, question, dial, outcome)
    return outcome.report()


async def _learn(meaning: Meaning, users: Counter[str]) -> None:
    """Embed what was said; it takes a while, so say how far it is."""
    learnt = 0
    for user in users:
        while here := await meaning.learn(user):
            learnt += here
            print(f"\rembedded {learnt:,} of {users.total():,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)


async def _ask(
    memories: Memories, meaning: Meaning | None, question: dict[str, Any], dial: _Dial, outcome: _Outcome
) -> None:
    dial.at = _instant(question["at"])
    started = time.perf_counter()
    found = await recall(memories, str(question["user"]), question["question"], dial.at, meaning=meaning)
    outcome.ms.append((time.perf_counter() - started) * 1e3)
    outcome.tokens.append(sum(tokens(one.memory.text) for one in found))
    outcome.add(question, [one.memory.source or one.memory.id for one in found])


def _said(turn: dict[str, Any]) -> Said:
    return Said(str(turn["id"]), str(turn["session"]), str(turn["speaker"]), _instant(turn["at"]), str(turn["text"]))


def _instant(at: float | str) -> float:
    """Return Unix seconds; a date without a zone is UTC."""
    if not isinstance(at, str):
        return float(at)
    moment = datetime.fromisoformat(at)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the objects of a file of JSON lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _mean(values: Sequence[float]) -> float:
    return round(fmean(values), 4) if values else 0.0


def _part(values: Sequence[float], part: int) -> float:
    """Return the value below which *part* percent of *values* lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, len(ordered) * part // 100)] if ordered else 0.0


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
