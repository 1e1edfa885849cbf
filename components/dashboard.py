"""The dashboard as a plain value: one row for each question that somebody on call asks, in the order of asking.

How long do people wait, and for what? What waits? What fails? What do the services say? What does it cost?
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from components import watching
from components.alarms import Metric
from components.watching import STAGES, Watched

Json = dict[str, Any]
Lines = Mapping[str, Metric]
Graphs = Mapping[str, Lines]

_EDGE_REGION = "us-east-1"
_COLUMNS, _HEIGHT, _HEADING = 24, 6, 1
_PERCENTILES = ("p50", "p95", "p99")


def document(watched: Watched, region: str) -> Json:
    """Return what CloudWatch shows; names in it may be outputs, which `pulumi.Output.json_dumps` writes."""
    rows = {
        "How long people wait": _waiting(),
        "What they get": _answers(),
        "What waits": _queues(watched),
        "What fails": _failures(watched),
        "The socket and the page": _edge(watched),
        "What is kept": _stores(watched),
        "What answers and what judges": _models(watched),
    }
    return {"start": "-PT6H", "widgets": _laid_out(rows, region)}


def _waiting() -> Graphs:
    first = {statistic: watching.turn("first_text_ms", statistic) for statistic in _PERCENTILES}
    audio = {statistic: watching.turn("first_audio_ms", statistic) for statistic in _PERCENTILES}
    stages = {stage: watching.turn(f"{stage}_ms", "p95") for stage in STAGES}
    return {"first word, ms": first, "first sound, ms": audio, "stages, p95 ms": stages}


def _answers() -> Graphs:
    turns = {
        "answered": watching.runtime("turn.returned"),
        "blocked": watching.turn("blocked"),
        "stopped": watching.turn("stopped"),
        "by another model": watching.runtime("model.fallback"),
    }
    tokens = {"in": watching.turn("input_tokens"), "out": watching.turn("output_tokens")}
    recalled = {"memories": watching.turn("recalled", "Average"), "characters": watching.speech("RequestCharacters")}
    return {"turns": turns, "tokens, which cost most": tokens, "recalled for a turn, and spoken": recalled}


def _queues(watched: Watched) -> Graphs:
    age, depth = "ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"
    return {
        "age of the oldest, s": {title: watching.queue(name, age) for title, name in watched.queues.items()},
        "waiting": {title: watching.queue(name, depth) for title, name in watched.queues.items()},
        "failed three times": {title: watching.queue(name, depth) for title, name in watched.dead.items()},
    }


def _failures(watched: Watched) -> Graphs:
    called = watched.functions.items()
    return {
        "errors": {title: watching.function(name, "Errors") for title, name in called},
        "throttled": {title: watching.function(name, "Throttles") for title, name in called},
        "duration, p95 ms": {title: watching.function(name, "Duration", "p95") for title, name in called},
        **_tasks(watched),
    }


def _tasks(watched: Watched) -> Graphs:
    if not watched.service:
        return {}
    names = {"CPU": "CPUUtilization", "memory": "MemoryUtilization"}
    return {"the worker's tasks, %": {said: watching.tasks(watched.service, name) for said, name in names.items()}}


def _edge(watched: Watched) -> Graphs:
    api = watched.api_id
    traffic = {name: watching.socket(api, name) for name in ("ConnectCount", "MessageCount")}
    failed = {name: watching.socket(api, name) for name in ("ClientError", "IntegrationError", "ExecutionError")}
    asked = {"requests": watching.edge(watched.distribution_id, "Requests")}
    rate = {"5xx, %": watching.edge(watched.distribution_id, "5xxErrorRate", "Average")}
    return {"the socket": traffic, "the socket's failures": failed, "the edge": {**asked, **rate}}


def _stores(watched: Watched) -> Graphs:
    throttled = {
        f"{title} {way}": watching.table(name, f"{way.capitalize()}ThrottleEvents")
        for title, name in watched.tables.items()
        for way in ("read", "write")
    }
    load = {"CPU, %": "CPUUtilization", "memory, %": "JVMMemoryPressure"}
    return {
        "tables throttled": throttled,
        "the search domain's load": {said: watching.search(watched.domain, name) for said, name in load.items()},
        "the search domain's space, MB": {"free": watching.search(watched.domain, "FreeStorageSpace", "Minimum")},
    }


def _models(watched: Watched) -> Graphs:
    judged = {name: watching.guardrail(watched, name) for name in ("Invocations", "InvocationsIntervened")}
    slow = {
        "the guardrail": watching.guardrail(watched, "InvocationLatency", "p95"),
        **{name: watching.model(name, "InvocationLatency", "p95") for name in watched.models},
    }
    refused = {
        "the guardrail": watching.guardrail(watched, "InvocationThrottles"),
        **{name: watching.model(name, "InvocationThrottles") for name in watched.models},
    }
    return {"verdicts": judged, "latency, p95 ms": slow, "throttled": refused, **_endpoint(watched)}


def _endpoint(watched: Watched) -> Graphs:
    if not watched.endpoint:
        return {}
    names = {"model, p95 µs": ("ModelLatency", "p95"), "instances asked": ("InvocationsPerInstance", "Sum")}
    return {"the endpoint": {said: watching.endpoint(watched.endpoint, *of) for said, of in names.items()}}


def _laid_out(rows: Mapping[str, Graphs], region: str) -> list[Json]:
    widgets: list[Json] = []
    for number, (question, graphs) in enumerate(rows.items()):
        top = number * (_HEADING + _HEIGHT)
        heading = {"markdown": f"## {question}", "background": "transparent"}
        widgets.append({"type": "text", "x": 0, "y": top, "width": _COLUMNS, "height": _HEADING, "properties": heading})
        width = _COLUMNS // len(graphs)
        for column, (title, lines) in enumerate(graphs.items()):
            box = {"x": column * width, "y": top + _HEADING, "width": width, "height": _HEIGHT}
            widgets.append({"type": "metric", **box, "properties": _graph(title, lines, region)})
    return widgets


def _graph(title: str, lines: Lines, region: str) -> Json:
    return {
        "title": title,
        "region": region,
        "view": "timeSeries",
        "metrics": [_line(label, metric) for label, metric in lines.items()],
        "yAxis": {"left": {"min": 0}},
    }


def _line(label: str, metric: Metric) -> Sequence[Any]:
    where = [part for pair in metric.dimensions.items() for part in pair]
    shown: Json = {"label": label, "stat": metric.statistic, "period": metric.period}
    elsewhere = {"region": _EDGE_REGION} if metric.namespace == "AWS/CloudFront" else {}
    return [metric.namespace, metric.name, *where, {**shown, **elsewhere}]
