"""Secrets of resources: none is in a configuration, a report or a refusal, and a state says what is one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bridge import deployment, stack
from bridge.__main__ import main
from bridge.document import parse
from bridge.refused import Refused
from tests.bridge import given
from tests.bridge.stacks import OBJECT, command, converted, exported, provider, resource, said

HUSH = given.decrypted("hush")


def test_a_secret_is_a_sensitive_variable_and_nowhere_in_the_configuration() -> None:
    found = converted(resource("turns", {"name": "turns", "tags": {"pin": HUSH}}))

    assert [(one.name, one.value) for one in found.variables] == [("aws_sqs_queue_turns_tags_pin", "hush")]
    assert said(found, "aws_sqs_queue.turns")["tags"] == {"pin": "${var.aws_sqs_queue_turns_tags_pin}"}
    assert "hush" not in repr(found.variables)


@pytest.mark.parametrize(
    ("key", "value", "text"),
    [("delaySeconds", 5, "5"), ("fifoQueue", True, "true"), ("delaySeconds", 0.5, "0.5"), ("name", "${x}", "${x}")],
)
def test_numbers_and_booleans_are_secrets_too(key: str, value: object, text: str) -> None:
    found = converted(resource("turns", {key: given.decrypted(value)}))

    (variable,) = found.variables
    assert variable.value == text
    assert list(said(found, "aws_sqs_queue.turns").values()) == [f"${{var.{variable.name}}}"]


@pytest.mark.parametrize(
    ("inputs", "path"),
    [
        ({"name": HUSH}, [{"type": "get_attr", "value": "name"}]),
        (
            {"tags": {"pin": HUSH}},
            [{"type": "get_attr", "value": "tags"}, {"type": "index", "value": {"value": "pin", "type": "string"}}],
        ),
        ({"labels": ["a", HUSH]}, [{"type": "get_attr", "value": "labels"}]),
        ({"grants": [{"label": HUSH}]}, [{"type": "get_attr", "value": "grant"}]),
        (
            {"rules": [{"label": "a"}, {"label": HUSH}]},
            [
                {"type": "get_attr", "value": "rule"},
                {"type": "index", "value": {"value": 1, "type": "number"}},
                {"type": "get_attr", "value": "label"},
            ],
        ),
    ],
)
def test_a_state_says_what_is_sensitive_where_terraform_looks_for_it(
    tmp_path: Path, inputs: dict[str, Any], path: list[dict[str, Any]]
) -> None:
    (tmp_path / "export.json").write_bytes(exported(resource("turns", inputs)))

    assert main(command(tmp_path, "--show-secrets")) == 0

    (one,) = json.loads((tmp_path / "twin" / "terraform.tfstate").read_bytes())["resources"]
    assert one["instances"][0]["sensitive_attributes"] == [path]


def test_what_is_secret_only_in_the_outputs_is_one_in_the_configuration_too() -> None:
    found = converted(resource("turns", {"name": "hush"}, outputs={"name": HUSH}))

    assert said(found, "aws_sqs_queue.turns")["name"] == "${var.aws_sqs_queue_turns_name}"


def test_what_only_the_provider_says_cannot_be_sensitive_and_is_told() -> None:
    (twin,) = converted(resource("turns", {}, outputs={"status": HUSH})).twins

    assert twin.sensitive == ()
    assert "`status` is secret for Pulumi" in twin.notes[0]


def test_no_two_secrets_share_a_variable() -> None:
    tags = {"A-B": given.decrypted("one"), "A_B": given.decrypted("two")}

    found = converted(resource("a-b", {"tags": tags}), resource("a_b", {"tags": tags}))

    assert sorted(one.value for one in found.variables) == ["one", "one", "two", "two"]
    assert len({one.name for one in found.variables}) == 4


def test_a_document_with_a_secret_in_it_is_one_secret() -> None:
    found = converted(resource("turns", {"policy": given.decrypted({"Key": 'a"b'})}))

    (variable,) = found.variables
    assert variable.value == '{"Key":"a\\"b"}'


def test_a_text_that_looks_like_a_mark_is_none() -> None:
    told = resource("turns", {"name": "\ue0000\ue000", "policy": "\x010\x01", "tags": {"pin": HUSH}})

    found = said(converted(told), "aws_sqs_queue.turns")

    assert (found["name"], found["policy"]) == ("\ue0000\ue000", "\x010\x01")


def test_all_secrets_are_refused_by_name_at_once_until_they_may_be_shown() -> None:
    data = exported(resource("turns", {"name": HUSH, "tags": {"pin": given.encrypted()}}))

    with pytest.raises(Refused, match=r"(?s)property 'turns\.name'.*property 'turns\.tags\.pin'") as refused:
        deployment.read(stack.read(data), show_secrets=False)

    assert str(refused.value).count("turns.name") == 1
    assert "hush" not in str(refused.value)
    assert given.CIPHERTEXT not in str(refused.value)


@pytest.mark.parametrize("show", [True, False])
def test_a_deferred_value_is_opened_and_keeps_its_secrecy(*, show: bool) -> None:
    deferred = given.signed("d0e6a833031e9bbcd3f4e8bde6ca49a4", value="hush", secret=True)
    data = exported(resource("turns", {"name": deferred}))

    if show:
        assert deployment.read(stack.read(data), show_secrets=True)[-1].secrets == {("name",)}
    else:
        with pytest.raises(Refused, match="--show-secrets"):
            deployment.read(stack.read(data), show_secrets=False)


def test_what_holds_secrets_is_for_its_owner_alone(tmp_path: Path) -> None:
    asset = given.signed("c44067f5952c0a294b673a41bacd8c17", hash=given.digest("hush"), text="hush")
    page = resource("page", {"source": given.decrypted(asset)}, OBJECT)
    (tmp_path / "export.json").write_bytes(exported(resource("turns", {"name": HUSH}), page))

    assert main(command(tmp_path, "--show-secrets")) == 0

    files = [path for path in (tmp_path / "twin").rglob("*") if path.is_file()]
    told = {path.name for path in files if b"hush" in path.read_bytes()}
    assert told == {"terraform.tfstate", "secrets.auto.tfvars.json", given.digest("hush")}
    assert {path.name for path in files if path.stat().st_mode & 0o077 == 0} == told


def test_credentials_of_a_provider_are_never_written() -> None:
    found = converted(provider(accessKey="AKIA", secretKey=given.decrypted("hush")), resource("turns", {}))

    assert "hush" not in repr([one.block for one in found.providers])
    assert found.notes == [
        "provider `aws`: its accessKey is not written",
        "provider `aws`: its secretKey is not written",
    ]


def test_a_damaged_secret_is_refused_without_what_it_holds() -> None:
    told = exported(resource("turns", {"name": given.signed("1b47061264138c4ac30d75fd1eb44270", plaintext="hush")}))

    with pytest.raises(Refused, match=r"the secret in property 'turns\.name', which is not JSON") as refused:
        deployment.read(stack.read(told), show_secrets=True)

    assert "hush" not in str(refused.value)
    assert parse(told, "it")
