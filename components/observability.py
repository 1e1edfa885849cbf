"""Who is on call sees what is wrong before people say so: alarms that say why they matter, one dashboard, one budget.

Layers that know best when something of theirs is wrong tell so themselves (queues and their dead letters in Scaling,
the guardrail's drift in Moderation); here is what only the whole shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import dashboard, watching
from components.alarms import Alarms, Metric
from components.configuration import Watch
from components.function import Platform
from components.watching import Watched

_FIRST_TEXT_MS = 2_000
"""Past this the first word is late: people take the companion for broken, not for thinking."""

_SLOW_SECONDS = 5
_QUARTER = 3  # Periods of five minutes.
_SPENT, _FORECAST = 80, 100  # Percent of the budget.


@dataclass(frozen=True, kw_only=True)
class Worry:
    """What is worth waking somebody for: *metric* above *limit* for so many *periods*, and *why*."""

    title: str
    why: str
    metric: Metric
    limit: float
    periods: int = 1


class Observability(pulumi.ComponentResource):
    """The alarms about the whole, and the address of the dashboard."""

    dashboard_url: pulumi.Output[str]

    def __init__(
        self,
        name: str,
        platform: Platform,
        settings: Watch,
        watched: Watched,
        alarms: Alarms,
        *,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Observability", name, None, opts)
        child = pulumi.ResourceOptions(parent=self)
        for worry in worries(watched):
            alarms.above(
                f"{name}-{worry.title}", worry.why, worry.metric, limit=worry.limit, periods=worry.periods, opts=child
            )
        shown = aws.cloudwatch.Dashboard(
            f"{name}-dashboard",
            dashboard_name=name,
            dashboard_body=pulumi.Output.json_dumps(dashboard.document(watched, platform.region)),
            opts=child,
        )
        _budget(name, settings, alarms, child)
        _slow_traces(name, watched, child)
        console = f"https://{platform.region}.console.aws.amazon.com/cloudwatch/home?region={platform.region}"
        self.dashboard_url = pulumi.Output.concat(console, "#dashboards/dashboard/", shown.dashboard_name)
        self.register_outputs({"dashboard_url": self.dashboard_url})


def worries(watched: Watched) -> list[Worry]:
    """Return all that is worth an alarm of the whole."""
    return [*_turns(), *_functions(watched), *_stores(watched), *_search(watched), *_services(watched)]


def _turns() -> Iterator[Worry]:
    yield Worry(
        title="first-text",
        why="One person in twenty waits for more than two seconds for the first word: see which stage is slow.",
        metric=watching.turn("first_text_ms", "p95"),
        limit=_FIRST_TEXT_MS,
        periods=_QUARTER,
    )
    yield Worry(
        title="blocked",
        why="Many turns are blocked: an attack, or a policy that blocks what it should not.",
        metric=watching.turn("blocked"),
        limit=50,
    )
    yield Worry(
        title="fallback",
        why="The first model fails, and another answers.",
        metric=watching.runtime("model.fallback"),
        limit=10,
    )


def _functions(watched: Watched) -> Iterator[Worry]:
    for title, called in watched.functions.items():
        failed = f"The function {title} failed: its log says where, by the error's name."
        yield Worry(title=f"{title}-errors", why=failed, metric=watching.function(called, "Errors"), limit=0)
        throttled = (
            f"The function {title} is not started as often as it is called: the account's concurrency is used up."
        )
        yield Worry(title=f"{title}-throttled", why=throttled, metric=watching.function(called, "Throttles"), limit=0)


def _stores(watched: Watched) -> Iterator[Worry]:
    why = (
        "A table refuses what it is asked: one user's rows are asked for too often, or the account's quota is used up."
    )
    for title, called in watched.tables.items():
        for way in ("read", "write"):
            metric = watching.table(called, f"{way.capitalize()}ThrottleEvents")
            yield Worry(title=f"{title}-{way}-throttled", why=why, metric=metric, limit=10)


def _search(watched: Watched) -> Iterator[Worry]:
    kept = {
        "search-red": ("Some memories can't be found: the domain lost a part of its index.", "ClusterStatus.red", 0),
        "search-full": ("Nothing new is remembered: the domain refuses writes.", "ClusterIndexWritesBlocked", 0),
        "search-memory": ("The domain is short of memory: larger nodes, or more of them.", "JVMMemoryPressure", 85),
        "search-busy": ("Recall gets slow: the domain's processors are busy.", "CPUUtilization", 80),
    }
    for title, (why, name, limit) in kept.items():
        metric = watching.search(watched.domain, name)
        yield Worry(title=title, why=why, metric=metric, limit=limit, periods=_QUARTER if limit else 1)


def _services(watched: Watched) -> Iterator[Worry]:
    socket = watching.socket(watched.api_id, "IntegrationError")
    yield Worry(title="socket", why="Frames fail on the way to a function.", metric=socket, limit=5)
    judged = watching.guardrail(watched, "InvocationThrottles")
    why = "The moderator's quota is used up, so turns are refused: ask for more."
    yield Worry(title="guardrail-throttled", why=why, metric=judged, limit=0)
    for number, called in enumerate(watched.models):
        why = f"The quota of {called} is used up: ask for more."
        metric = watching.model(called, "InvocationThrottles")
        yield Worry(title=f"model-{number}-throttled", why=why, metric=metric, limit=5)
    if watched.service:
        why = "The worker's tasks are busy: turns wait for a processor, and not for the model."
        busy = watching.tasks(watched.service, "CPUUtilization")
        yield Worry(title="worker-busy", why=why, metric=busy, limit=80, periods=_QUARTER)
    if watched.endpoint:
        why = "The model on SageMaker fails."
        metric = watching.endpoint(watched.endpoint, "Invocation5XXErrors")
        yield Worry(title="endpoint", why=why, metric=metric, limit=5)


def _budget(name: str, settings: Watch, alarms: Alarms, opts: pulumi.ResourceOptions) -> None:
    """Tell when a month costs more: what was spent, and what it looks like. It counts what has the stack's own tag."""
    aws.budgets.Budget(
        f"{name}-budget",
        name=name,
        budget_type="COST",
        time_unit="MONTHLY",
        limit_amount=str(settings.monthly_budget),
        limit_unit="USD",
        cost_filters=[
            aws.budgets.BudgetCostFilterArgs(name="TagKeyValue", values=[f"user:Stack${pulumi.get_stack()}"])
        ],
        notifications=[_told("ACTUAL", _SPENT, alarms), _told("FORECASTED", _FORECAST, alarms)],
        opts=opts,
    )


def _told(kind: str, percent: int, alarms: Alarms) -> aws.budgets.BudgetNotificationArgs:
    return aws.budgets.BudgetNotificationArgs(
        notification_type=kind,
        comparison_operator="GREATER_THAN",
        threshold=percent,
        threshold_type="PERCENTAGE",
        subscriber_sns_topic_arns=[alarms.topic],
    )


def _slow_traces(name: str, watched: Watched, opts: pulumi.ResourceOptions) -> None:
    """Keep together the traces that somebody would look for: of whatever failed or took long."""
    one_of = pulumi.Output.all(*watched.functions.values()).apply(
        lambda names: " OR ".join(f'service("{called}")' for called in names)
    )
    slow = pulumi.Output.concat("(", one_of, f") AND (fault = true OR responsetime > {_SLOW_SECONDS})")
    aws.xray.Group(f"{name}-slow", group_name=f"{name}-slow", filter_expression=slow, opts=opts)
