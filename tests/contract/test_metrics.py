"""What dashboards and alarms read of our own metrics, beside what processes record."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from runtime.adapters.aws.metrics import DIMENSION, NAMESPACE
from runtime.settings import ROLES
from tests.components.engine import Engine
from tests.contract import sources

ALARM, DASHBOARD = "aws:cloudwatch/metricAlarm:MetricAlarm", "aws:cloudwatch/dashboard:Dashboard"


def test_every_metric_of_ours_that_is_watched_is_recorded(program: Engine) -> None:
    assert {name for name, _ in watched(program)} - sources.recorded() == set()


def test_every_metric_of_ours_is_watched_by_the_role_of_a_process(program: Engine) -> None:
    for name, dimensions in watched(program):
        assert dimensions.keys() == {DIMENSION}, name
        assert dimensions[DIMENSION] in ROLES, name


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (["Companion", "turn.returned", "function", "worker"], {"turn.returned": {"function": "worker"}}),
        (["Companion", "a", "function", "worker", {"stat": "p95"}], {"a": {"function": "worker"}}),
        (["AWS/SQS", "Age", "QueueName", "q"], {}),
        ([{"expression": "a / b"}], {}),
    ],
)
def test_lines_of_dashboards_are_read(line: list[Any], read: dict[str, dict[str, str]]) -> None:
    assert dict(_of_widget({"properties": {"metrics": [line]}})) == read


def watched(program: Engine) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each metric of our namespace that an alarm or a dashboard reads, with its dimensions."""
    for one in program.created(ALARM):
        queries = [query["metric"] for query in one.inputs.get("metricQueries", ()) if "metric" in query]
        for metric in [one.inputs, *queries]:
            if metric.get("namespace") == NAMESPACE:
                yield metric["metricName"], metric.get("dimensions", {})
    for one in program.created(DASHBOARD):
        for widget in json.loads(one.inputs["dashboardBody"])["widgets"]:
            yield from _of_widget(widget)


def _of_widget(widget: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield what a *widget* shows, written out in full: `.` for what stands above is not used here."""
    for line in widget["properties"].get("metrics", ()):
        words = [word for word in line if isinstance(word, str)]
        assert not {".", ".."} & set(words), "name each metric in full"
        if words and words[0] == NAMESPACE:
            yield words[1], dict(zip(words[2::2], words[3::2], strict=True))
