"""A state is read, changed and written without losing what is not ours, or refused with the reason."""

import json
from typing import Any

import pytest

from bridge import state
from bridge.document import Number
from bridge.refused import Refused
from bridge.state import Output, State

BEFORE = State("a-lineage", 7, {"a": Output("1", "string")})


def written(**changes: Any) -> bytes:  # noqa: ANN401 - JSON
    whole = {"version": 4, "terraform_version": "1.9.0", "serial": 1, "lineage": "l", "outputs": {}, "resources": []}
    return json.dumps({**whole, **changes}).encode()


def test_a_state_that_is_read_and_written_is_the_same() -> None:
    once = state.write(BEFORE)

    assert state.read(once) == BEFORE
    assert state.write(state.read(once)) == once


def test_what_is_not_ours_is_kept_as_it_was_written() -> None:
    kept = state.read(b'{"version":4,"serial":1,"lineage":"l","resources":[{"n":1.50}],"check_results":[1e5],"new":-0}')

    assert b'"n": 1.50' in state.write(kept)
    assert b"1e5\n" in state.write(kept)
    assert b'"new": -0' in state.write(kept)


def test_sensitive_outputs_are_known_by_name() -> None:
    kinds = {"value": "x", "type": "string"}

    read = state.read(written(outputs={"open": {**kinds, "sensitive": False}, "hidden": {**kinds, "sensitive": True}}))

    assert state.sensitive_names(read) == {"hidden"}


def test_a_sensitive_value_is_not_shown_by_repr() -> None:
    assert "hush" not in repr(State("l", 1, {"a": Output("hush", "string", sensitive=True)}))


def test_a_new_state_begins_at_serial_one() -> None:
    assert state.succeed(None, {}, "a-lineage") == State("a-lineage", 1)


def test_the_serial_rises_by_one_when_something_changed() -> None:
    after = state.succeed(BEFORE, {"a": Output("2", "string")}, "a-lineage")

    assert (after.serial, after.lineage) == (8, "a-lineage")


def test_a_value_that_turns_sensitive_is_a_change() -> None:
    assert state.succeed(BEFORE, {"a": Output("1", "string", sensitive=True)}, "a-lineage").serial == 8


def test_nothing_changed_gives_the_same_state() -> None:
    assert state.succeed(BEFORE, {"a": Output("1", "string")}, "a-lineage") is BEFORE


def test_another_lineage_is_refused_with_the_way_to_take_it_over() -> None:
    with pytest.raises(Refused, match="--lineage a-lineage"):
        state.succeed(BEFORE, {}, "another")


def test_a_state_that_manages_resources_is_refused() -> None:
    with pytest.raises(Refused, match=r"manages 1 resource"):
        state.succeed(state.read(written(resources=[{"mode": "managed"}, {"mode": "data"}])), {}, "l")


def test_a_state_that_only_looked_something_up_keeps_that() -> None:
    after = state.succeed(state.read(written(resources=[{"mode": "data"}])), {"a": Output(None, "dynamic")}, "l")

    assert after.rest == {"resources": [{"mode": "data"}]}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b'{"version": 4, "ser', "ends too early"),
        (b'{"version": 4', "ends too early"),
        (b"version = 4", "at line 1"),
        (b"\xff\xfe", "not UTF-8"),
        (b'{"version": NaN}', "NaN"),
        (b'{"a": "\\ud800"}', "not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (written(version=3), "before Terraform 0.12"),
        (written(version=5), "after Terraform 1.11"),
        (b'{"encrypted_data": "x", "lineage": "l"}', "encrypted"),
        (b"{}", "says its version"),
        (b"[]", "says its version"),
        (written(lineage=""), "no lineage"),
        (written(serial=-1), "no serial"),
        (written(serial="1"), "no serial"),
        (written(serial=0).replace(b'"serial": 0', b'"serial": ' + b"9" * 5_000), "no serial"),
        (b'{"version": ' + b"9" * 5_000 + b"}", "after Terraform 1.11"),
        (written(outputs=[]), "outputs that are no object"),
        (written(outputs={"a": {"value": 1}}), "output 'a' with no value, or no type"),
    ],
)
def test_what_is_no_state_is_refused_with_the_reason(data: bytes, why: str) -> None:
    with pytest.raises(Refused, match=why) as refused:
        state.read(data, "x.tfstate")

    assert all(word in str(refused.value) for word in ("got: ", "x.tfstate", "why: ", "instead: "))


def test_a_large_state_is_read_whole() -> None:
    resources = [{"mode": "managed", "instances": [{"attributes": {"n": index}}]} for index in range(20_000)]

    read = state.read(written(resources=resources))

    kept = read.rest["resources"]
    assert isinstance(kept, list)
    assert kept[-1] == {"mode": "managed", "instances": [{"attributes": {"n": Number("19999")}}]}
