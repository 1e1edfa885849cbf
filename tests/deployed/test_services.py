"""What Fargate does not run and an emulator takes, and that the image is what is run in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.deployed import image
from tests.deployed.services import task
from tests.deployed.unacceptable import Unacceptable

SERVICE = {"serviceName": "worker", "clusterArn": "arn:aws:ecs:us-east-1:1:cluster/c", "launchType": "FARGATE"}
CONTAINER = {
    "image": "1.dkr.ecr.us-east-1.amazonaws.com/companion:1",
    "environment": [{"name": "HANDS", "value": "7"}],
    "healthCheck": {"command": ["CMD-SHELL", "find /tmp/healthy"]},
    "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/worker"}},
}


def definition(container: dict[str, Any] | None = None, **changed: str) -> dict[str, Any]:
    """Return a task definition that Fargate runs, but for what was *changed*."""
    told = {
        "networkMode": "awsvpc",
        "cpu": "1024",
        "memory": "2048",
        "taskRoleArn": "role",
        "executionRoleArn": "start",
    }
    return {**told, **changed, "containerDefinitions": [{**CONTAINER, **(container or {})}]}


def test_what_a_task_runs_is_what_its_definition_says() -> None:
    read = task(SERVICE, definition())

    assert (read.role, read.starter, read.environ) == ("role", "start", {"HANDS": "7"})
    assert (read.mebibytes, read.stop_seconds, read.cluster) == (2048, 30, "c")
    assert read.healthy == ("/bin/sh", "-c", "find /tmp/healthy")


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (definition(memory="1024"), "1024 units and 1024 MiB"),
        (definition(memory="2500"), "1024 units and 2500 MiB"),
        (definition(cpu="1000"), "1000 units"),
        (definition(networkMode="bridge"), "in the network bridge"),
        (definition({"stopTimeout": 121}), "within 120 s, not 121"),
    ],
)
def test_what_fargate_would_not_run_is_refused(told: dict[str, Any], why: str) -> None:
    with pytest.raises(Unacceptable, match=why):
        task(SERVICE, told)


def test_a_container_of_the_image_begins_as_the_worker() -> None:
    read = image.read()

    assert read.run == ("runtime", "worker")
    assert read.environ == {"PYTHONUNBUFFERED": "1"}


def test_an_image_of_other_libraries_is_not_what_is_run_here(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text('COPY runtime runtime\nENTRYPOINT ["python", "-m", "runtime"]\n')

    with pytest.raises(AssertionError, match="no line RUN pip install"):
        image.read(tmp_path / "Dockerfile")
