"""FIFO queues in pairs: one that is worked on, and one for what failed in it three times."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws

from components import policies

_TIMES = 3
_DAY = 86_400
_DEAD_DAYS = 14
_DEAD_VISIBILITY = 90  # A function of at most 75 s takes dead letters, whatever works on the living ones.
_POLL_SECONDS = 20


@dataclass(frozen=True)
class Pair:
    """A queue and its dead letters."""

    live: aws.sqs.Queue
    dead: aws.sqs.Queue


def pair(
    name: str, called: str, *, visibility: int, key: pulumi.Input[str] | None, opts: pulumi.ResourceOptions
) -> Pair:
    """Make the queue *called* so, whose messages are invisible to others for *visibility* seconds once received."""
    kept = _Kept(visibility, key)
    dead = _queue(f"{name}-dead", f"{called}-dead", replace(kept, days=_DEAD_DAYS, visibility=_DEAD_VISIBILITY), opts)
    redrive = pulumi.Output.json_dumps({"deadLetterTargetArn": dead.arn, "maxReceiveCount": _TIMES})
    live = _queue(name, called, replace(kept, redrive=redrive), opts)
    aws.sqs.RedriveAllowPolicy(
        f"{name}-redrive",
        queue_url=dead.url,
        redrive_allow_policy=pulumi.Output.json_dumps({"redrivePermission": "byQueue", "sourceQueueArns": [live.arn]}),
        opts=opts,
    )
    return Pair(live, dead)


@dataclass(frozen=True)
class _Kept:
    visibility: int
    key: pulumi.Input[str] | None
    days: int = 1
    redrive: pulumi.Input[str] | None = None


def _queue(name: str, called: str, kept: _Kept, opts: pulumi.ResourceOptions) -> aws.sqs.Queue:
    queue = aws.sqs.Queue(
        name,
        name=f"{called}.fifo",
        fifo_queue=True,
        content_based_deduplication=False,
        deduplication_scope="messageGroup",
        fifo_throughput_limit="perMessageGroupId",
        visibility_timeout_seconds=kept.visibility,
        message_retention_seconds=kept.days * _DAY,
        receive_wait_time_seconds=_POLL_SECONDS,
        redrive_policy=kept.redrive,
        sqs_managed_sse_enabled=None if kept.key else True,
        kms_master_key_id=kept.key,
        opts=opts,
    )
    aws.sqs.QueuePolicy(
        f"{name}-policy", queue_url=queue.url, policy=pulumi.Output.json_dumps(_by_tls(queue.arn)), opts=opts
    )
    return queue


def _by_tls(queue: pulumi.Output[str]) -> policies.Document:
    """Refuse what comes unencrypted, whoever sends it."""
    return policies.document(
        policies.refuse(["sqs:*"], queue, when={"Bool": {"aws:SecureTransport": "false"}}),
    )


def consume(*queues: pulumi.Input[str]) -> policies.Statement:
    """Allow taking messages, keeping them for longer, and being done with them."""
    actions = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
    return policies.allow(actions, *queues)
