"""Whatever resources a stack has: no crash, no secret where others may read, and nothing lost on the way and back."""

from __future__ import annotations

import contextlib
import io
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings, strategies

from bridge.__main__ import main
from bridge.document import Number
from bridge.schema import read
from tests.bridge import given as made
from tests.bridge.stacks import OBJECT, QUEUE, command, exported, resource, urn
from tests.bridge.test_schema import BLOCK

law = settings(max_examples=25, deadline=None)
HUSH = "hush-73915"
WORDS = (
    "arn",
    "environment",
    "fifoQueue",
    "grants",
    "id",
    "labels",
    "name",
    "policy",
    "rules",
    "source",
    "tags",
    "url",
)
keys = strategies.sampled_from(WORDS) | made.names
secret = strategies.sampled_from([HUSH, [HUSH], {"a": HUSH, "b": [HUSH]}, {"variables": {"pin": HUSH}}])
strange = strategies.builds(made.signed, strategies.sampled_from(["c44067f5952c0a294b673a41bacd8c17", "x"]))
values = made.values | secret.map(made.decrypted) | strange | strategies.dictionaries(keys, made.values, max_size=3)
properties = strategies.dictionaries(keys, values, max_size=5)
names = strategies.sampled_from(["dead", "turns", "größe", "日", ""])
urns = strategies.lists(names.map(urn), max_size=2)
resources = strategies.builds(
    resource,
    names,
    properties,
    strategies.sampled_from([QUEUE, OBJECT, "aws:lambda/invocation:Invocation", "random:index/id:Id"]),
    outputs=properties,
    dependencies=urns,
    propertyDependencies=strategies.dictionaries(keys, urns, max_size=3),
    ignoreChanges=strategies.lists(keys | made.texts, max_size=2),
)


def converted(folder: Path, data: bytes, *options: str) -> tuple[int, str]:
    """Convert the export *data* in *folder*; return the exit code and all that was said."""
    (folder / "export.json").write_bytes(data)
    with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
        code = main(command(folder, *options))
    return code, out.getvalue() + err.getvalue()


@law
@given(strategies.lists(resources, max_size=4), strategies.booleans(), strategies.booleans())
def test_no_secret_is_where_others_may_read_it(
    stack: list[dict[str, Any]],
    show: bool,  # noqa: FBT001 - hypothesis
    imports: bool,  # noqa: FBT001 - hypothesis
) -> None:
    with tempfile.TemporaryDirectory() as name:
        options = [*(["--show-secrets"] if show else []), *(["--imports"] if imports else [])]

        code, words = converted(Path(name), exported(*stack), *options)

        files = [path for path in Path(name, "twin").rglob("*") if path.is_file()]
        assert code == (0 if show or HUSH not in json.dumps(stack) else 1)
        assert HUSH not in words
        assert not [path.name for path in files if path.stat().st_mode & 0o077 and HUSH in path.read_text()]


@law
@given(strategies.lists(resources, max_size=3), strategies.data())
def test_a_damaged_export_is_converted_or_refused(stack: list[dict[str, Any]], data: strategies.DataObject) -> None:
    whole = exported(*stack)
    begin, end = sorted(data.draw(strategies.integers(0, len(whole))) for _ in range(2))

    with tempfile.TemporaryDirectory() as name:
        damaged = whole[:begin] + data.draw(strategies.binary(max_size=8)) + whole[end:]

        assert converted(Path(name), damaged, "--show-secrets")[0] in {0, 1}


@law
@given(strategies.lists(resources, max_size=3), strategies.data(), values)
def test_an_export_with_a_value_of_another_kind_is_converted_or_refused(
    stack: list[dict[str, Any]], data: strategies.DataObject, other: object
) -> None:
    document = json.loads(exported(*stack))
    one = data.draw(strategies.sampled_from(document["deployment"]["resources"]))
    one[data.draw(strategies.sampled_from(sorted(one)))] = other

    with tempfile.TemporaryDirectory() as name:
        assert converted(Path(name), json.dumps(document).encode(), "--show-secrets")[0] in {0, 1}


numbers = strategies.integers().map(lambda one: Number(str(one)))
maps = strategies.dictionaries(made.texts, made.texts, max_size=3)
certificates = strategies.fixed_dictionaries({"not_after": made.texts, "domain": strategies.lists(made.texts)})
replicas = strategies.fixed_dictionaries({"region_name": made.texts, "replica_arn": strategies.none() | made.texts})
attributes = strategies.fixed_dictionaries(
    {
        **dict.fromkeys(("id", "arn", "policy"), strategies.none() | made.texts),
        "fifo_queue": strategies.none() | strategies.booleans(),
        "delay_seconds": strategies.none() | numbers,
        "subnet_id": strategies.none() | strategies.lists(made.texts, max_size=3),
        "tags": strategies.none() | maps,
        "certificate": strategies.none() | strategies.lists(certificates, max_size=2),
        "timeouts": strategies.none(),
        "ttl": strategies.lists(strategies.fixed_dictionaries({"attribute_name": made.texts}), max_size=1),
        "replica": strategies.lists(replicas, max_size=2),
    }
)


@law
@given(attributes)
def test_what_terraform_has_is_the_same_after_pulumi_had_it(state: dict[str, Any]) -> None:
    shape = read("aws_of_every_shape", BLOCK)

    assert shape.attributes(shape.properties(state)) == state
