"""Services of ECS as its API tells them: what each one's tasks run; and the endpoints of SageMaker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.deployed.unacceptable import Unacceptable
from tests.parts.endpoint import Endpoint
from tests.parts.given import client

Document = Mapping[str, Any]
_UNREAD = ("secrets", "environmentFiles", "entryPoint", "mountPoints", "dependsOn")
# What Fargate has for so many units of a processor: the least memory, the most, in steps of a GiB.
_SIZES = {256: (512, 2048), 512: (1024, 4096), 1024: (2048, 8192), 2048: (4096, 16384), 4096: (8192, 30720)}
_LONGEST_STOP, _USUAL_STOP = 120, 30


@dataclass(frozen=True)
class Task:
    """What a service's tasks run: the one container's *image* with *command* and *environ*, as *role*.

    *starter* is the role by which ECS pulls the image and writes to *log*; *healthy* is the command that must succeed,
    *stop_seconds* pass between SIGTERM and SIGKILL.
    """

    service: str
    cluster: str
    role: str
    starter: str
    image: str
    command: tuple[str, ...]
    environ: Mapping[str, str]
    mebibytes: int
    stop_seconds: int
    healthy: tuple[str, ...]
    log: str


async def read(emulator: Endpoint) -> dict[str, Task]:
    """Return what the tasks of each service run, by the service's name; raise `Unacceptable`."""
    found: dict[str, Task] = {}
    async with client("ecs", emulator) as ecs:
        for cluster in (await ecs.list_clusters())["clusterArns"]:
            named = (await ecs.list_services(cluster=cluster))["serviceArns"]
            for one in (await ecs.describe_services(cluster=cluster, services=named))["services"] if named else ():
                told = await ecs.describe_task_definition(taskDefinition=one["taskDefinition"])
                found[one["serviceName"]] = task(one, told["taskDefinition"])
    return found


async def endpoint(emulator: Endpoint) -> str:
    """Return the name of the one endpoint of SageMaker."""
    async with client("sagemaker", emulator) as sagemaker:
        [found] = (await sagemaker.list_endpoints())["Endpoints"]
    return str(found["EndpointName"])


def task(service: Document, definition: Document) -> Task:
    """Return what *definition* says that *service* runs; raise `Unacceptable` for what Fargate would not run."""
    [container] = definition["containerDefinitions"]
    assert not [key for key in _UNREAD if container.get(key)], "nobody here plays a container that has such things"
    read = Task(
        service=service["serviceName"],
        cluster=service["clusterArn"].rpartition("/")[2],
        role=definition["taskRoleArn"],
        starter=definition["executionRoleArn"],
        image=container["image"],
        command=tuple(container.get("command", ())),
        environ={one["name"]: one["value"] for one in container.get("environment", ())},
        mebibytes=int(definition["memory"]),
        stop_seconds=container.get("stopTimeout", _USUAL_STOP),
        healthy=_health(container["healthCheck"]["command"]),
        log=container["logConfiguration"]["options"]["awslogs-group"],
    )
    _check(service, definition, read)
    return read


def _health(command: list[str]) -> tuple[str, ...]:
    kind, *rest = command
    return ("/bin/sh", "-c", *rest) if kind == "CMD-SHELL" else tuple(rest)


def _check(service: Document, definition: Document, read: Task) -> None:
    if (service["launchType"], definition["networkMode"]) != ("FARGATE", "awsvpc"):
        raise Unacceptable(f"{read.service} runs on {service['launchType']} in the network {definition['networkMode']}")
    least, most = _SIZES.get(int(definition["cpu"]), (0, 0))
    if not least <= read.mebibytes <= most or read.mebibytes % 1024 not in {0, least % 1024}:
        raise Unacceptable(f"{read.service} has {definition['cpu']} units and {read.mebibytes} MiB")
    if read.stop_seconds > _LONGEST_STOP:
        raise Unacceptable(f"{read.service} is stopped within {_LONGEST_STOP} s, not {read.stop_seconds}")
