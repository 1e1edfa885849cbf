"""The evaluator of policies: what is denied, what is allowed, and what it says that it can't know."""

from __future__ import annotations

from typing import Any

import pytest

from tests.deployed.policy import Judgement, Request, Word, judge

TABLE = "arn:aws:dynamodb:us-east-1:123456789012:table/turns"
READ = Request("dynamodb:GetItem", TABLE)


def said(effect: str = "Allow", action: Any = "dynamodb:GetItem", resource: Any = TABLE, **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a document of one statement."""
    return {"Statement": {"Effect": effect, "Action": action, "Resource": resource, **more}}


def word(request: Request, *documents: dict[str, Any]) -> Word:
    return judge(request, documents).word


def test_what_no_statement_is_about_is_allowed_by_nobody() -> None:
    assert word(READ) is Word.NOBODY
    assert word(READ, said(action="dynamodb:PutItem")) is Word.NOBODY
    assert word(READ, said(resource=f"{TABLE}-other")) is Word.NOBODY


def test_one_statement_that_allows_is_enough() -> None:
    assert word(READ, said(resource="nothing"), said()) is Word.ALLOWED


def test_what_is_denied_once_is_denied_whoever_allows_it() -> None:
    assert word(READ, said(), said("Deny", "dynamodb:*", "*")) is Word.DENIED


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("*", "*"),
        ("DynamoDB:getitem", TABLE),
        ("dynamodb:Get*", TABLE),
        ("dynamodb:?etItem", TABLE),
        (["sqs:SendMessage", "dynamodb:GetItem"], ["arn:aws:sqs:*", "arn:aws:dynamodb:*:*:table/t*s"]),
    ],
)
def test_wildcards_stand_for_any_text_and_actions_for_any_case(action: Any, resource: Any) -> None:  # noqa: ANN401
    assert word(READ, said(action=action, resource=resource)) is Word.ALLOWED


@pytest.mark.parametrize("resource", [TABLE.upper(), f"{TABLE}/index/*", TABLE.replace("turns", "turn?s"), "[a-z:]*"])
def test_what_a_pattern_does_not_mean_it_does_not_allow(resource: str) -> None:
    assert word(READ, said(resource=resource)) is Word.NOBODY


def test_negations_are_about_all_that_they_do_not_name() -> None:
    others = {"Statement": [{"Effect": "Allow", "NotAction": "dynamodb:Put*", "NotResource": f"{TABLE}/*"}]}

    assert word(READ, others) is Word.ALLOWED
    assert word(Request("dynamodb:PutItem", TABLE), others) is Word.NOBODY
    assert word(Request("dynamodb:GetItem", f"{TABLE}/index/failed"), others) is Word.NOBODY


@pytest.mark.parametrize(
    ("principal", "allowed"),
    [("*", True), ({"AWS": "*"}, True), ({"Service": ["a", "ana"]}, True), ({"Service": "bob"}, False)],
)
def test_a_policy_on_a_resource_names_who_asks(principal: object, allowed: bool) -> None:  # noqa: FBT001
    asked = Request(READ.action, READ.resource, principal="ana")

    assert (word(asked, said(Principal=principal)) is Word.ALLOWED) == allowed


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        ({"StringEquals": {"aws:Key": ["a", "b"]}}, "b", True),
        ({"StringEquals": {"AWS:KEY": "a"}}, "A", False),
        ({"StringNotEquals": {"aws:Key": ["a", "b"]}}, "b", False),
        ({"StringNotEquals": {"aws:Key": "a"}}, None, True),
        ({"StringEquals": {"aws:Key": "a"}}, None, False),
        ({"StringEqualsIfExists": {"aws:Key": "a"}}, None, True),
        ({"StringLike": {"aws:Key": "a*"}}, "ab", True),
        ({"ArnLike": {"aws:Key": "arn:*:v1/$connect"}}, "arn:x:v1/$connect", True),
        ({"Bool": {"aws:Key": False}}, "false", True),
        ({"Null": {"aws:Key": "true"}}, None, True),
        ({"Null": {"aws:Key": "true"}}, "a", False),
        ({"StringLike": {"aws:Key": "a"}, "StringEquals": {"aws:Key": "b"}}, "a", False),
    ],
)
def test_a_statement_holds_where_all_its_conditions_do(condition: Any, value: str | None, holds: bool) -> None:  # noqa: ANN401, FBT001
    asked = Request(READ.action, READ.resource, {"aws:Key": value})

    assert (word(asked, said(Condition=condition)) is Word.ALLOWED) == holds


@pytest.mark.parametrize(
    ("condition", "named"),
    [
        ({"StringEquals": {"kms:ViaService": "sqs"}}, "StringEquals kms:ViaService"),
        ({"NumericLessThan": {"aws:Key": "7"}}, "NumericLessThan aws:Key"),
        ({"IpAddress": {"aws:Key": "10.0.0.0/8"}}, "IpAddress aws:Key"),
        ({"ForAllValues:StringLike": {"aws:Key": "a"}}, "ForAllValues:StringLike aws:Key"),
        ({"StringEquals": {"aws:Key": "${aws:username}"}}, "StringEquals aws:Key"),
    ],
)
def test_a_condition_that_cannot_be_judged_is_named_and_allows_nothing(condition: Any, named: str) -> None:  # noqa: ANN401
    asked = Request(READ.action, READ.resource, {"aws:Key": "a"})

    assert judge(asked, [said(Condition=condition)]) == Judgement(Word.UNJUDGED, frozenset({named}))
    assert judge(asked, [said(), said("Deny", Condition=condition)]) == Judgement(Word.UNJUDGED, frozenset({named}))


def test_doubts_about_what_would_not_matter_are_not_raised() -> None:
    doubtful = {"NumericLessThan": {"aws:Key": "7"}}

    assert judge(READ, [said(), said(Condition=doubtful)]) == Judgement(Word.ALLOWED)
    assert judge(READ, [said("Deny", "sqs:*", Condition=doubtful)]) == Judgement(Word.NOBODY)
    assert judge(READ, [said("Deny"), said(Condition=doubtful)]) == Judgement(Word.DENIED)


def test_a_variable_in_a_resource_is_a_doubt() -> None:
    mine = said(resource=f"{TABLE}/${{aws:username}}")

    assert judge(READ, [mine]) == Judgement(Word.UNJUDGED, frozenset({f"{TABLE}/${{aws:username}}"}))
