"""The check of inputs notices what Pulumi's mocks would let through."""

from __future__ import annotations

import pulumi_aws as aws
import pytest

from tests.components.engine import Created, Engine
from tests.components.typed import problems


def _table(**inputs: object) -> Created:
    return Created("aws:dynamodb/table:Table", "t", "", inputs)


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"hashKei": "a"}, "t: unknown hashKei"),
        ({"hashKey": 1}, "t.hashKey: 1 is no str"),
        ({"attributes": {"name": "a", "type": "S"}}, "t.attributes: {'name': 'a', 'type': 'S'} is no list"),
        ({"attributes": [{"name": "a"}]}, "t.attributes[0]: lacks type"),
        ({"attributes": [{"name": "a", "type": "S", "kind": "S"}]}, "t.attributes[0]: unknown kind"),
        ({"deletionProtectionEnabled": "yes"}, "t.deletionProtectionEnabled: 'yes' is no bool"),
        ({"readCapacity": True}, "t.readCapacity: True is no int"),
        ({"tags": {"a": 1}}, "t.tags.a: 1 is no str"),
    ],
)
def test_inputs_that_the_sdk_does_not_declare_are_found(inputs: dict[str, object], said: str) -> None:
    assert problems(_table(**inputs)) == [f"aws:dynamodb/table:Table {said}"]


def test_what_is_registered_twice_is_refused_as_by_the_engine(engine: Engine) -> None:
    with pytest.raises(AssertionError, match="registered twice"):
        engine.run(lambda: (aws.sqs.Queue("q"), aws.sqs.Queue("q")))


def test_what_the_sdk_takes_is_no_problem(engine: Engine) -> None:
    engine.run(lambda: aws.dynamodb.Table("t", hash_key="a", attributes=[{"name": "a", "type": "S"}], read_capacity=1))

    assert [problems(one) for one in engine.registered] == [[]]
