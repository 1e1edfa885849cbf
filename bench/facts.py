"""How well what a user says becomes facts: small dialogues, learned as the product does it, beside what must be known.

`python -m bench facts` prints one JSON object: precision and recall of the facts known at the end, by rules.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import tomllib
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from runtime.adapters.local.clock import SystemClock
from runtime.adapters.local.database import Database
from runtime.adapters.local.memories import SqliteMemories
from runtime.extraction.learning import acquainted, learn
from runtime.extraction.rules import statements

_DAY = 86_400.0
_FRIDAY = 1_763_733_900.0
_DIALOGUES = Path("tests/extraction/dialogues.toml")


@dataclass(slots=True)
class Outcome:
    """What was learned: right, wrongly, and not at all, each as (number of the dialogue, sentence)."""

    right: list[tuple[int, str]] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)
    missed: list[tuple[int, str]] = field(default_factory=list)

    @property
    def precision(self) -> float:
        """Return how much of what is remembered is right."""
        return len(self.right) / max(1, len(self.right) + len(self.wrong))

    @property
    def recall(self) -> float:
        """Return how much of what must be remembered is."""
        return len(self.right) / max(1, len(self.right) + len(self.missed))

    def add(self, number: int, known: Iterable[str], expected: Iterable[str]) -> None:
        """Compare what one dialogue left with what it must."""
        found, wanted = sorted(set(known)), sorted(set(expected))
        self.right += [(number, one) for one in found if one in wanted]
        self.wrong += [(number, one) for one in found if one not in wanted]
        self.missed += [(number, one) for one in wanted if one not in found]


def dialogues(path: Path = _DIALOGUES) -> list[dict[str, Any]]:
    """Return the dialogues of a file."""
    listed: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["dialogue"]
    return listed


async def measure(told: Sequence[dict[str, Any]]) -> Outcome:
    """Learn each of *told* in a memory of its own; a closed fact is marked as one."""
    outcome = Outcome()
    for number, dialogue in enumerate(told, start=1):
        with closing(Database(Path(":memory:"))) as database:
            memories = SqliteMemories(database, SystemClock())
            for day, text in enumerate(dialogue["said"]):
                at = _FRIDAY + day * _DAY
                stated = statements(text, at, await acquainted(memories, "ada"))
                await learn(memories, "ada", f"turn-{day}", at, stated)
            facts = await memories.facts("ada")
        known = [fact.text if fact.valid_until is None else f"once: {fact.text}" for fact in facts]
        outcome.add(number, known, [*dialogue["known"], *(f"once: {text}" for text in dialogue.get("once", ()))])
    return outcome


def main(arguments: list[str]) -> None:
    """Measure the dialogues that *arguments* name and print what came out."""
    parser = argparse.ArgumentParser(prog="python -m bench facts", description=__doc__)
    parser.add_argument("--dialogues", type=Path, default=_DIALOGUES, help="TOML: said, known, once")
    parser.add_argument("--errors", action="store_true", help="print what is wrong and what is missed as well")
    chosen = parser.parse_args(arguments)
    outcome = asyncio.run(measure(dialogues(chosen.dialogues)))
    report = {
        "precision": round(outcome.precision, 4),
        "recall": round(outcome.recall, 4),
        "facts": len(outcome.right) + len(outcome.missed),
        **({"wrong": outcome.wrong, "missed": outcome.missed} if chosen.errors else {}),
    }
    print(json.dumps(report, ensure_ascii=False, indent=1 if chosen.errors else None))
