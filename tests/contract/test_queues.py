"""The queues, beside what works on them."""

from __future__ import annotations

import inspect
import json

from runtime.adapters.aws.queue import SqsQueue
from tests.components.engine import Engine, Inputs
from tests.contract import deployed

QUEUE, FEED = "aws:sqs/queue:Queue", "aws:lambda/eventSourceMapping:EventSourceMapping"
LIVE = {"worker": ["TURN_QUEUE_URL"], "background": ["BACKGROUND_QUEUE_URL"]}
FED_BY_PROGRAM = {"worker": {"turns"}, "background": {"background"}, "dead_letters": {"turns-dead", "background-dead"}}


def test_every_queue_keeps_order_and_the_working_ones_pass_on_what_fails(program: Engine) -> None:
    made = queues(program)
    working = {name: one for name, one in made.items() if "redrivePolicy" in one}
    dead = {json.loads(one["redrivePolicy"])["deadLetterTargetArn"].rpartition(":")[2] for one in working.values()}

    assert all(one["fifoQueue"] for one in made.values())
    assert dead == made.keys() - working.keys()


def test_every_process_works_on_the_queue_that_it_is_told_of(program: Engine) -> None:
    prefix, fed = program.outputs["prefix"], feeds(program)
    expected = {role: FED_BY_PROGRAM[role] for role in deployed.functions(program).keys() & FED_BY_PROGRAM.keys()}

    assert {role: set(into) for role, into in fed.items()} == {
        role: {f"{prefix}-{one}.fifo" for one in into} for role, into in expected.items()
    }
    for role, [variable] in LIVE.items():
        told = deployed.environments(program)[role][variable].rpartition("/")[2]
        assert told in fed.get(role, queues(program))


def test_a_message_stays_hidden_for_as_long_as_its_function_may_take(program: Engine) -> None:
    for role, into in feeds(program).items():
        for queue, feed in into.items():
            hidden = queues(program)[queue]["visibilityTimeoutSeconds"]
            assert hidden >= deployed.functions(program)[role]["timeout"], role
            assert feed["batchSize"] == 1, role
            assert feed["functionResponseTypes"] == ["ReportBatchItemFailures"], role


def test_a_task_hides_a_message_for_as_long_as_its_queue_does() -> None:
    program = deployed.program("fargate")
    name = deployed.environments(program)["worker"]["TURN_QUEUE_URL"].rpartition("/")[2]
    hidden = inspect.signature(SqsQueue).parameters["visibility"].default

    assert queues(program)[name]["visibilityTimeoutSeconds"] == hidden


def queues(program: Engine) -> dict[str, Inputs]:
    return {one.inputs["name"]: one.inputs for one in program.created(QUEUE)}


def feeds(program: Engine) -> dict[str, dict[str, Inputs]]:
    """Return for each role the queues that its function is called for, and how."""
    roles = {inputs["name"]: role for role, inputs in deployed.functions(program).items()}
    found: dict[str, dict[str, Inputs]] = {}
    for one in program.created(FEED):
        queue = one.inputs["eventSourceArn"].rpartition(":")[2]
        found.setdefault(roles[one.inputs["functionName"].rpartition(":")[2]], {})[queue] = one.inputs
    return found
