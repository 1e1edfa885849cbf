"""What a role is told and may do follows from the parts of its settings."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import roles
from runtime.settings.cloud import Hot, Safety, Sockets
from tests.components.engine import Engine
from tests.components.given import role


@dataclass(frozen=True)
class Made:
    """A layer that made some things, of which `topic` is nobody's setting."""

    guardrail_id: str = "g"
    guardrail_version: int = 1
    topic: str = "t"


def test_a_role_is_told_what_it_reads_and_nothing_else() -> None:
    assert roles.told("drift", Made()) == {"guardrail_id": "g", "guardrail_version": "1"}


def test_the_first_who_knows_something_is_believed() -> None:
    told = roles.told("drift", Made(guardrail_id="first"), Made(guardrail_id="second"))

    assert told["guardrail_id"] == "first"


def test_what_is_known_later_stays_an_output(engine: Engine) -> None:
    @dataclass(frozen=True)
    class Later:
        guardrail_id: pulumi.Output[str]

    told = engine.run(lambda: roles.told("drift", Later(pulumi.Output.from_input("g"))))

    assert isinstance(told["guardrail_id"], pulumi.Output)


def test_who_is_told_of_a_thing_may_reach_it_and_nothing_else(engine: Engine) -> None:
    granted: list[str] = []
    grants: roles.Grants = {
        Sockets: [lambda _: granted.append("sockets")],
        Hot: [lambda _: granted.append("recent"), lambda _: granted.append("more")],
        Safety: [lambda _: granted.append("judge")],
    }

    def build() -> aws.iam.Role:
        holder = role()
        roles.permit("dead_letters", holder, grants)
        return holder

    engine.run(build)

    assert granted == ["sockets", "recent", "more"]
