"""What a metric looks like on standard output, by the specification of the embedded metric format."""

from __future__ import annotations

import json
import re
from typing import Any

from runtime import metrics
from runtime.adapters.aws.metrics import EmfMetrics
from runtime.protocol.server import Done, Tokens


def recorded(event: str, **values: float | str) -> dict[str, Any]:
    """Return the line of one event."""
    lines: list[str] = []
    EmfMetrics("worker", Fixed(), lines.append).record(event, **values)
    assert [line.count("\n") for line in lines] == [1]
    found: dict[str, Any] = json.loads(lines[0])
    return found


class Fixed:
    """A clock that stands."""

    def now(self) -> float:
        return 1_795_000_000.1234


def test_an_event_counts_under_its_name_and_its_numbers_under_theirs() -> None:
    line = recorded("turn.returned", turn="5a1f", total_ms=812.5, recalled=3)

    assert line == {
        "_aws": {
            "Timestamp": 1_795_000_000_123,
            "CloudWatchMetrics": [
                {
                    "Namespace": "Companion",
                    "Dimensions": [["function"]],
                    "Metrics": [
                        {"Name": "turn.returned", "Unit": "Count"},
                        {"Name": "turn.returned.total_ms", "Unit": "Milliseconds"},
                        {"Name": "turn.returned.recalled", "Unit": "Count"},
                    ],
                }
            ],
        },
        "function": "worker",
        "turn.returned": 1,
        "turn.returned.total_ms": 812.5,
        "turn.returned.recalled": 3.0,
        "turn": "5a1f",
    }


def test_whether_something_happened_is_a_number() -> None:
    line = recorded("turn.returned", blocked=True, stopped=False)

    assert (line["turn.returned.blocked"], line["turn.returned.stopped"]) == (1.0, 0.0)


def test_every_metric_is_a_number_of_its_line_and_no_id_is_one() -> None:
    lines: list[str] = []
    timings = {"queue": (0.0, 9.5), "total": (0.0, 812.0)}
    ended = Done("5a1f", 1, stopped=False, blocked=False, timings=timings, usage=Tokens(7, 3), recalled=[], why={})
    metrics.turn_ended(EmfMetrics("worker", Fixed(), lines.append), ended)

    line = json.loads(lines[0])
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    names = [metric["Name"] for metric in directive["Metrics"]]
    assert all(isinstance(line[name], int | float) for name in names)
    assert "turn" not in names
    assert len(names) < 100
    assert all(re.fullmatch(r"[\w.]{1,255}", name) for name in names)
