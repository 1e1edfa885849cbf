"""What keeps a spike from hurting: queues between the socket and the model, and workers by what waits in them.

A queue hands on what failed three times; who consumes that ends the turn and tells its user. The worker is a function
(one turn a call) or tasks on Fargate (many turns each): the same code, by the same environment.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import policies, queues
from components.alarms import Alarms, Metric
from components.configuration import Work
from components.fargate import Tasks, Worker
from components.function import Function, Job, Placement, Platform
from components.grants import grant
from components.queues import Pair

Told = Mapping[str, pulumi.Input[str]]

# A function may take 75 s of the 90 that its message is nobody else's; a task keeps what it holds by heartbeats.
_FUNCTION_SECONDS, _FUNCTION_VISIBILITY, _TASK_VISIBILITY = 75, 90, 30
_BACKGROUND_SECONDS, _BACKGROUND_VISIBILITY = 600, 660
_MEBIBYTES = 1024
# An erasure is promised without undue delay, so one that was left waits for an hour at most. A round reads each row of
# a turn, which is kept for thirty days: hourly that is a thousandth of what a turn costs.
_ROUNDS = "1 hour"
_OUTPUTS = ("turn_queue_url", "background_queue_url", "dead_turn_queue_url", "dead_background_queue_url")


@dataclass(frozen=True, kw_only=True)
class ScalingArgs:
    """How turns are answered: *work* says by what, the others what each role is told besides its queues.

    *in_network*: those that search run there, because the search domain does; *public*: tasks there need an address.
    """

    work: Work
    worker: Told
    background: Told
    dead_letters: Told
    placement: Placement
    in_network: bool
    public: bool


class Scaling(pulumi.ComponentResource):
    """The queues, and what works on them; who owns a thing grants it to the roles.

    *service* is the cluster and the service of a worker on Fargate.
    """

    turn_queue_url: pulumi.Output[str]
    background_queue_url: pulumi.Output[str]
    dead_turn_queue_url: pulumi.Output[str]
    dead_background_queue_url: pulumi.Output[str]
    worker: Function | Worker
    background: Function
    dead_letters: Function
    functions: dict[str, Function]
    service: tuple[pulumi.Output[str], pulumi.Output[str]] | None

    def __init__(
        self,
        name: str,
        platform: Platform,
        args: ScalingArgs,
        alarms: Alarms,
        *,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("companion:index:Scaling", name, None, opts)
        self._platform, self._child = platform, pulumi.ResourceOptions(parent=self)
        self._turns, self._background = _pairs(name, platform, args.work, self._child)
        self.turn_queue_url, self.dead_turn_queue_url = self._turns.live.url, self._turns.dead.url
        self.background_queue_url, self.dead_background_queue_url = self._background.live.url, self._background.dead.url
        self.background, self.dead_letters = self._functions(name, args)
        self.worker = self._worker(name, args)
        self.functions = {"background": self.background, "dead-letters": self.dead_letters}
        self.functions |= {"worker": self.worker} if isinstance(self.worker, Function) else {}
        self.service = (self.worker.cluster, self.worker.service) if isinstance(self.worker, Worker) else None
        self._grants()
        _begin_rounds(name, self.background, self._child)
        _alarms(name, alarms, {"turns": self._turns, "background": self._background}, self._child)
        self.register_outputs({key: getattr(self, key) for key in _OUTPUTS})

    def grant_send_turns(self, role: aws.iam.Role) -> None:
        """Let *role* have turns answered."""
        self._grant(f"{role.pulumi_resource_name}-send-turns", role, _send(self._turns))

    def grant_send_background(self, role: aws.iam.Role) -> None:
        """Let *role* have things done when nobody waits."""
        self._grant(f"{role.pulumi_resource_name}-send-background", role, _send(self._background))

    def _functions(self, name: str, args: ScalingArgs) -> tuple[Function, Function]:
        """Make the functions that remember and that end what failed, and let their queues call them."""
        queued: Told = {"background_queue_url": self.background_queue_url}
        place = args.placement if args.in_network else None
        told = {**args.background, **queued, "turn_queue_url": self.turn_queue_url}
        memory = Job(
            role="background", environment=told, timeout=_BACKGROUND_SECONDS, memory=_MEBIBYTES, placement=place
        )
        last = Job(role="dead_letters", environment={**args.dead_letters, **queued}, timeout=_FUNCTION_SECONDS)
        background = Function(f"{name}-background", self._platform, memory, opts=self._child)
        dead = Function(f"{name}-dead-letters", self._platform, last, opts=self._child)
        self._feed(f"{name}-background-feed", background, self._background.live, at_once=10)
        self._feed(f"{name}-dead-turns-feed", dead, self._turns.dead, at_once=2)
        self._feed(f"{name}-dead-background-feed", dead, self._background.dead, at_once=2)
        return background, dead

    def _worker(self, name: str, args: ScalingArgs) -> Function | Worker:
        urls = {"turn_queue_url": self.turn_queue_url, "background_queue_url": self.background_queue_url}
        told: Told = {**args.worker, **urls}
        if args.work.worker == "fargate":
            tasks = Tasks(
                work=args.work, told=told, queue=self._turns.live, placement=args.placement, public=args.public
            )
            return Worker(f"{name}-worker", self._platform, tasks, opts=self._child)
        place = args.placement if args.in_network else None
        job = Job(role="worker", environment=told, timeout=_FUNCTION_SECONDS, memory=_MEBIBYTES, placement=place)
        worker = Function(f"{name}-worker", self._platform, job, opts=self._child)
        self._feed(f"{name}-worker-feed", worker, self._turns.live, at_once=args.work.worker_concurrency)
        return worker

    def _feed(self, name: str, function: Function, queue: aws.sqs.Queue, *, at_once: int) -> None:
        """Call *function* for each message, so many *at_once*; what it reports as failed comes again."""
        consume = self._grant(f"{name}-consume", function.role, queues.consume(queue.arn))
        aws.lambda_.EventSourceMapping(
            name,
            event_source_arn=queue.arn,
            function_name=function.name,
            batch_size=1,
            function_response_types=["ReportBatchItemFailures"],
            scaling_config=aws.lambda_.EventSourceMappingScalingConfigArgs(maximum_concurrency=at_once),
            opts=pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(depends_on=[consume])),
        )

    def _grants(self) -> None:
        """Let each worker have done what follows from its own work."""
        for role in (self.worker.role, self.background.role, self.dead_letters.role):
            self.grant_send_background(role)
        self.grant_send_turns(self.background.role)
        if isinstance(self.worker, Worker):
            role = self.worker.role
            self._grant(f"{role.pulumi_resource_name}-consume", role, queues.consume(self._turns.live.arn))

    def _grant(self, name: str, role: aws.iam.Role, statement: policies.Statement) -> aws.iam.RolePolicy:
        """Grant *statement*, with the use of our key by way of SQS."""
        return grant(name, role, statement, *self._platform.use_key("sqs"), opts=self._child)


def _pairs(name: str, platform: Platform, work: Work, opts: pulumi.ResourceOptions) -> tuple[Pair, Pair]:
    visibility = _TASK_VISIBILITY if work.worker == "fargate" else _FUNCTION_VISIBILITY
    prefix, key = platform.prefix, platform.key
    turns = queues.pair(f"{name}-turns", f"{prefix}-turns", visibility=visibility, key=key, opts=opts)
    background = queues.pair(
        f"{name}-background", f"{prefix}-background", visibility=_BACKGROUND_VISIBILITY, key=key, opts=opts
    )
    return turns, background


def _begin_rounds(name: str, background: Function, opts: pulumi.ResourceOptions) -> None:
    """Have erasures that were left taken up, and users held against the list of the erased."""
    why = "Erasures that were left go on, and who is back with a backup is erased again."
    background.repeat(f"{name}-rounds", _ROUNDS, named=f"{name}-erasure-rounds", why=why, opts=opts)


def _send(pair: Pair) -> policies.Statement:
    return policies.allow(["sqs:SendMessage"], pair.live.arn)


def _alarms(name: str, alarms: Alarms, pairs: Mapping[str, Pair], opts: pulumi.ResourceOptions) -> None:
    """Tell when something failed for good, and when what waits gets old; the age forgets what was received thrice."""
    for title, pair in pairs.items():
        dead = Metric(
            namespace="AWS/SQS",
            name="ApproximateNumberOfMessagesVisible",
            statistic="Maximum",
            dimensions={"QueueName": pair.dead.name},
        )
        old = Metric(
            namespace="AWS/SQS",
            name="ApproximateAgeOfOldestMessage",
            statistic="Maximum",
            dimensions={"QueueName": pair.live.name},
        )
        failed = f"What failed three times is in the dead letters of {title}: see docs/operations.md, Replay."
        alarms.above(f"{name}-{title}-dead", failed, dead, limit=0, opts=opts)
        late = f"What is to be done waits for too long in {title}."
        limit = 20 if title == "turns" else 600
        alarms.above(f"{name}-{title}-old", late, old, limit=limit, periods=3, opts=opts)
