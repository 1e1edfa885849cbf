"""References: what came from another resource says so again, and what did not, or may not have, does not."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bridge.stacks import ARN, DEAD, converted, resource, said, urn


def turns(*sources: str, **inputs: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    urns = [urn(name) for name in sources]
    return resource("turns", inputs, propertyDependencies=dict.fromkeys(inputs, urns), dependencies=urns)


def property_of(name: str, *resources: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
    return said(converted(*resources), "aws_sqs_queue.turns")[name]


def test_what_came_from_another_resource_says_so_again() -> None:
    policy = f'{{"Resource":["{ARN}","{ARN}/*"],"To":"${{aws:username}} %{{x}}"}}'

    found = property_of("policy", DEAD, turns("dead", policy=policy))

    arn = "${aws_sqs_queue.dead.arn}"
    assert found == f'{{"Resource":["{arn}","{arn}/*"],"To":"$${{aws:username}} %%{{x}}"}}'


def test_a_whole_property_is_a_reference_however_short() -> None:
    assert property_of("name", DEAD, turns("dead", name="dead")) == "${aws_sqs_queue.dead.name}"


def test_one_of_several_values_is_a_reference_only_if_nothing_else_has_it() -> None:
    state = resource("dead", {"name": "dead"}, outputs={"arn": ARN, "status": "ENABLED_NOW"})

    found = property_of("tags", state, turns("dead", tags={"a": "dead", "b": ARN, "c": "ENABLED_NOW"}))

    assert found == {"a": "dead", "b": "${aws_sqs_queue.dead.arn}", "c": "ENABLED_NOW"}


@pytest.mark.parametrize("text", ["dead and gone", f"{ARN}-letters", f"{ARN}.fifo", f"x-{ARN}", f"{ARN}_"])
def test_a_name_within_another_name_is_no_reference(text: str) -> None:
    assert property_of("policy", DEAD, turns("dead", policy=text)) == text


@pytest.mark.parametrize(("before", "after"), [("", ":*"), ("https://", "/x"), ("(", ")"), ("", ". The end")])
def test_a_name_between_other_signs_is_a_reference(before: str, after: str) -> None:
    found = property_of("policy", DEAD, turns("dead", policy=f"{before}{ARN}{after}"))

    assert found == f"{before}${{aws_sqs_queue.dead.arn}}{after}"


def test_the_longer_of_two_names_is_found() -> None:
    letters = resource("letters", {}, outputs={"arn": f"{ARN}/letters"})

    found = property_of("policy", DEAD, letters, turns("dead", "letters", policy=f"{ARN}/letters/x {ARN}/other"))

    assert found == "${aws_sqs_queue.letters.arn}/x ${aws_sqs_queue.dead.arn}/other"


def test_an_arn_is_told_before_an_id_and_an_id_before_a_name() -> None:
    same = {**resource("same", {"name": "one"}, outputs={"arn": ARN}), "id": ARN}
    other = {**resource("other", {"name": "twotwotwo"}), "id": "twotwotwo"}

    found = property_of("tags", same, other, turns("same", "other", tags={"a": ARN, "b": "twotwotwo"}))

    assert found == {"a": "${aws_sqs_queue.same.arn}", "b": "${aws_sqs_queue.other.id}"}


def test_what_two_resources_have_alike_stays_a_literal_and_waits_for_both() -> None:
    twins = [resource(name, {"name": "companion"}) for name in ("left", "right")]

    found = said(converted(*twins, turns("left", "right", name="companion")), "aws_sqs_queue.turns")

    assert found == {"name": "companion", "depends_on": ["aws_sqs_queue.left", "aws_sqs_queue.right"]}


def test_what_is_only_waited_for_is_depended_on() -> None:
    found = converted(DEAD, resource("turns", {"name": "turns"}, dependencies=[urn("dead")]))

    assert said(found, "aws_sqs_queue.turns")["depends_on"] == ["aws_sqs_queue.dead"]


def test_what_is_referred_to_is_not_depended_on_too() -> None:
    assert "depends_on" not in said(converted(DEAD, turns("dead", policy=ARN)), "aws_sqs_queue.turns")


def test_keys_of_maps_are_templates_too_and_say_just_what_they_are() -> None:
    assert property_of("tags", turns(tags={"${x}": "%{y}"})) == {"$${x}": "%%{y}"}
