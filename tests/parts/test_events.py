"""Events: what a test changes is changed, what it does not stays as AWS sends it."""

from tests.parts.events import batch, event


def test_a_change_leaves_what_stands_beside_it() -> None:
    changed = event("message", body="{}", requestContext={"authorizer": {"user": "bob"}})

    assert changed["body"] == "{}"
    assert changed["requestContext"]["authorizer"]["user"] == "bob"
    assert changed["requestContext"]["authorizer"]["principalId"] == "ana"
    assert changed["requestContext"]["eventType"] == "MESSAGE"


def test_a_batch_has_a_record_for_each_body() -> None:
    records = batch("1", "2", group="bob", ApproximateReceiveCount="3")["Records"]

    assert [(record["messageId"], record["body"]) for record in records] == [("message-0", "1"), ("message-1", "2")]
    assert {record["attributes"]["MessageGroupId"] for record in records} == {"bob"}
    assert {record["attributes"]["ApproximateReceiveCount"] for record in records} == {"3"}


def test_an_authorizer_is_asked_before_there_is_a_context() -> None:
    assert "authorizer" not in event("authorize")["requestContext"]
    assert event("connect")["requestContext"]["authorizer"]["user"] == "ana"
