"""Meta-arguments: what is protected, and what is ignored, as deep as Terraform can say it."""

from __future__ import annotations

import pytest

from tests.bridge.stacks import converted, resource, said


def test_protection_and_what_is_ignored_are_kept() -> None:
    found = converted(resource("turns", {"name": "turns"}, protect=True, ignoreChanges=["tags", "tags"]))

    assert said(found, "aws_sqs_queue.turns")["lifecycle"] == {"prevent_destroy": True, "ignore_changes": ["tags"]}


@pytest.mark.parametrize(
    ("told", "path", "note"),
    [
        ("delaySeconds", "delay_seconds", ""),
        ("tags.Some.thing", "tags", "ignores all of `tags`"),
        ("tags.Name", 'tags["Name"]', ""),
        ('tags["a.b"]', 'tags["a.b"]', ""),
        ('["tags"].Name', 'tags["Name"]', ""),
        ("environment", "environment", ""),
        ("environment.variables.LEVEL", 'environment[0].variables["LEVEL"]', ""),
        ("rules[1].label", "rule[1].label", ""),
        ("rules[1]", "rule[1]", ""),
        ("rules[*].label", "rule", "ignores all of `rule`"),
        ("grants[0].label", "grant", "ignores all of `grant`"),
        ("labels[0]", "labels", "ignores all of `labels`"),
    ],
)
def test_what_is_ignored_is_said_with_terraforms_names(told: str, path: str, note: str) -> None:
    found = converted(resource("turns", {}, ignoreChanges=[told]))

    assert said(found, "aws_sqs_queue.turns")["lifecycle"] == {"ignore_changes": [path]}
    assert note in "".join(found.twins[0].notes)
    assert bool(note) == bool(found.twins[0].notes)


def test_all_is_all() -> None:
    found = converted(resource("turns", {}, ignoreChanges=["tags", "*"]))

    assert said(found, "aws_sqs_queue.turns")["lifecycle"] == {"ignore_changes": "all"}


@pytest.mark.parametrize("told", ["novelty", "environment.novelty", ""])
def test_what_the_provider_does_not_know_is_told_and_not_ignored(told: str) -> None:
    found = converted(resource("turns", {}, ignoreChanges=[told]))

    assert "lifecycle" not in said(found, "aws_sqs_queue.turns")
    assert "does not know it" in found.twins[0].notes[0]
