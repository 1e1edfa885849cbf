"""What becomes of single resources: their names, and what is left out or told, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bridge import deployment, stack
from bridge.__main__ import main
from bridge.refused import Refused
from tests.bridge import given
from tests.bridge.stacks import DEAD, OBJECT, URN, command, converted, exported, resource, said, urn


def test_two_of_one_name_are_told_apart_by_their_components() -> None:
    one = resource("turns", {"name": "a"}, parent=f"{URN}companion:index:Scaling::left")
    other = {
        **resource("turns", {"name": "b"}, parent=f"{URN}companion:index:Scaling::right"),
        "urn": f"{urn('x')}::turns",
    }

    found = converted(one, other)

    assert sorted(twin.address for twin in found.twins) == ["aws_sqs_queue.left_turns", "aws_sqs_queue.right_turns"]


@pytest.mark.parametrize(
    ("left", "why"),
    [
        (resource("id", {}, "random:index/randomId:RandomId"), "it is not of AWS's provider"),
        (resource("new", {}, "aws:sqs/novelty:Novelty"), "this provider has no such type"),
        (resource("odd", {"name": "odd", "novelty": True}), "this provider does not know novelty"),
        (
            resource("late", {"name": "l"}, outputs={"__meta": '{"schema_version":"2"}'}),
            "it was recorded with version 2",
        ),
        (
            resource(
                "gone",
                {"source": given.signed("c44067f5952c0a294b673a41bacd8c17", hash="b" * 64, path="gone.html")},
                OBJECT,
            ),
            "gone.html is not there",
        ),
        (
            resource("old", {"name": "o"}, delete=True),
            "Pulumi replaced it and still has to delete it: pulumi up",
        ),
        (
            resource("new", {"name": "n"}, pendingReplacement=True),
            "Pulumi deleted it and still has to make it again: pulumi up",
        ),
        (
            resource("theirs", {"name": "t"}, external=True),
            "Pulumi only reads it, and somebody else has it: say it as a data source",
        ),
        (resource("vague", {"name": "04da6b54-80e4-46f7-96ec-b56ff0331ba9"}), "its name is not known yet: pulumi up"),
        (resource("odd", {"name": given.signed("new")}), "its name is a value of a kind that is not known here"),
        (resource("odd", {"name": "odd"}, provider="urn:other::p"), "the export does not have its provider"),
        (resource("odd", {"delaySeconds": "soon"}), "delaySeconds: it is no number"),
        (resource("odd", {"fifoQueue": 1}), "fifoQueue: it is neither true nor false"),
        (resource("odd", {"rules": ["a"]}), "rules: it has no properties"),
        (resource("odd", {"tags": "a"}), "tags: it is no map"),
        (resource("odd", {"environment": {"e": 1}}), "this provider does not know environment.e"),
    ],
)
def test_what_has_no_twin_is_left_out_with_the_reason(left: dict[str, Any], why: str) -> None:
    found = converted(DEAD, left)

    assert [one.why.partition(" of its")[0] for one in found.left] == [why]
    assert [twin.address for twin in found.twins] == ["aws_sqs_queue.dead"]


def test_what_only_a_newer_provider_tells_is_no_reason_to_leave_a_resource_out() -> None:
    found = converted(
        resource("turns", {"name": "turns", "region": "us-east-1"}, outputs={"novelty": 1, "region": "us-east-1"})
    )

    assert found.left == []


def test_a_default_that_only_a_newer_provider_has_is_dropped() -> None:
    inputs = {"name": "turns", "novelty": False, "tags": {"a": "b", "__defaults": []}, "__defaults": ["novelty"]}

    found = converted(resource("turns", inputs))

    assert said(found, "aws_sqs_queue.turns") == {"name": "turns", "tags": {"a": "b"}}


def test_what_is_given_to_the_provider_alone_is_in_no_state() -> None:
    found = converted(resource("turns", {"tokenWo": "x"}))

    assert found.twins[0].attributes["token_wo"] is None


@pytest.mark.parametrize(
    ("more", "note"),
    [
        ({"retainOnDelete": True}, "Terraform would delete it"),
        ({"deletedWith": "urn"}, "Terraform deletes it by itself"),
        ({"customTimeouts": {"create": 60}}, "its timeouts are not carried over"),
        ({"taint": True}, "terraform taint"),
        ({"initErrors": ["hush"]}, "it may be incomplete"),
    ],
)
def test_what_terraform_has_no_word_for_is_told(more: dict[str, Any], note: str) -> None:
    (told,) = converted(resource("turns", {}, **more)).twins[0].notes

    assert note in told
    assert "hush" not in told


def test_names_that_terraform_cannot_say_are_made_sayable_and_stay_unique() -> None:
    found = converted(*(resource(name, {}) for name in ("größe", "gr ße", "日", "本", "1st")))

    names = [twin.address.partition(".")[2] for twin in found.twins]
    assert names == ["gr_e", "gr_e_2", "_", "__2", "_1st"]


def test_operations_that_did_not_end_are_refused() -> None:
    data = exported(DEAD, pending_operations=[{"type": "creating", "resource": resource("turns", {})}])

    with pytest.raises(Refused, match="pulumi refresh"):
        deployment.read(stack.read(data), show_secrets=True)


def test_a_folder_that_is_not_empty_is_left_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.json").write_bytes(exported(DEAD))

    assert main(command(tmp_path, to=".")) == 1

    assert "which is not empty" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["export.json", "schema.json"]


def test_a_schema_of_a_file_is_of_a_version_that_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "export.json").write_bytes(exported(DEAD))

    assert main(command(tmp_path, "--provider-version", ">= 5.0")) == 1

    assert "--provider-version 5.100.0" in capsys.readouterr().err
    assert not (tmp_path / "twin").exists()


def test_without_terraform_it_is_said_how_to_do_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "export.json").write_bytes(exported(DEAD))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert main(["resources", "--stack-export", str(tmp_path / "export.json"), "--to", str(tmp_path / "twin")]) == 1

    assert "terraform providers schema -json > FILE" in capsys.readouterr().err


def test_the_report_says_what_became_of_each(tmp_path: Path) -> None:
    (tmp_path / "export.json").write_bytes(exported(DEAD, resource("id", {}, "random:index/randomId:RandomId")))

    assert main(command(tmp_path)) == 0

    report = (tmp_path / "twin" / "report.md").read_text()
    assert "`aws_sqs_queue.dead` was `dead`" in report
    assert "`id` (random:index/randomId:RandomId): it is not of AWS's provider" in report
