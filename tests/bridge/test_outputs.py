"""What becomes of each kind of value, and what is refused by its name."""

from typing import Any

import pytest

from bridge import outputs, stack
from bridge.document import Json, Number
from bridge.refused import Refused
from bridge.stack import Stack
from bridge.state import Output, State
from tests.bridge import given


def converted(*, show_secrets: bool = False, **values: Any) -> dict[str, Output]:  # noqa: ANN401 - JSON
    return outputs.convert(stack.read(given.export(values)), show_secrets=show_secrets)


@pytest.mark.parametrize(
    ("value", "becomes", "kind"),
    [
        (None, None, "dynamic"),
        (True, True, "bool"),
        ("e\u0301", "é", "string"),
        (2**64, Number("18446744073709551616"), "number"),
        (1e21, Number("1000000000000000000000"), "number"),
        (1.0, Number("1"), "number"),
        (-0.0, Number("0"), "number"),
        (1e-7, Number("0.0000001"), "number"),
        (["a", "b"], ["a", "b"], ["tuple", ["string", "string"]]),
        (["a", None], ["a", None], ["tuple", ["string", "dynamic"]]),
        ([], [], ["tuple", []]),
        ({"b": 1, "a": []}, {"a": [], "b": Number("1")}, ["object", {"a": ["tuple", []], "b": "number"}]),
    ],
)
def test_a_value_has_the_type_that_terraform_would_write(value: object, becomes: Json, kind: Json) -> None:
    assert converted(a=value) == {"a": Output(becomes, kind)}


def test_a_secret_is_sensitive_when_it_may_be_written() -> None:
    assert converted(show_secrets=True, a=given.decrypted(["x"])) == {
        "a": Output(["x"], ["tuple", ["string"]], sensitive=True)
    }


def test_a_secret_deep_inside_makes_the_whole_output_sensitive() -> None:
    value = {"list": [1, given.decrypted({"inner": given.decrypted("x")})]}

    assert converted(show_secrets=True, a=value)["a"].sensitive


def test_a_deferred_value_is_opened_and_keeps_its_secrecy() -> None:
    deferred = given.signed("d0e6a833031e9bbcd3f4e8bde6ca49a4", value="x", secret=True)

    assert converted(show_secrets=True, a=deferred) == {"a": Output("x", "string", sensitive=True)}


@pytest.mark.parametrize(
    ("value", "instead"),
    [
        (given.encrypted(), "--show-secrets, with an export of `pulumi stack export --show-secrets`"),
        (given.decrypted("hush"), "if the file may hold it: --show-secrets"),
        ([{"deep": given.decrypted("hush")}], "if the file may hold it: --show-secrets"),
        (given.signed("d0e6a833031e9bbcd3f4e8bde6ca49a4", value="hush", secret=True), "--show-secrets"),
    ],
)
def test_a_secret_that_was_not_asked_for_is_refused_by_name(value: object, instead: str) -> None:
    with pytest.raises(Refused, match="output 'token'") as refused:
        converted(token=value)

    assert instead in str(refused.value)
    assert "hush" not in str(refused.value)


@pytest.mark.parametrize("value", [given.encrypted(), given.decrypted("[secret]")])
def test_a_secret_that_is_still_encrypted_is_refused_with_the_way_to_decrypt_it(value: object) -> None:
    with pytest.raises(Refused, match="make the export with `pulumi stack export --show-secrets`"):
        converted(show_secrets=True, token=value)


@pytest.mark.parametrize(
    ("value", "what"),
    [
        (given.signed("c44067f5952c0a294b673a41bacd8c17", path="x"), "an asset"),
        (given.signed("0def7320c3a5731c473e5ecbe6d01bc7", path="x"), "an archive"),
        (given.signed("5cf8f73096256a8f31e491e813e4eb8e", urn="x"), "a whole resource"),
        (given.signed("another"), "not known here"),
        (given.signed("d0e6a833031e9bbcd3f4e8bde6ca49a4"), "not known yet"),
        ("04da6b54-80e4-46f7-96ec-b56ff0331ba9", "not known yet"),
        (10**153 + 1, "more than 153 digits"),
        ({"é": 1, "e\u0301": 2}, "2 keys that all read"),
    ],
)
def test_what_terraform_cannot_have_is_refused_by_name(value: object, what: str) -> None:
    with pytest.raises(Refused, match="output 'thing'") as refused:
        converted(thing=[value])

    assert what in str(refused.value)


@pytest.mark.parametrize("name", ["", "a.b", "a b", "1a", "-a", "a:b", "e\u0301"])
def test_a_name_that_terraform_cannot_have_is_refused(name: str) -> None:
    with pytest.raises(Refused, match="export it under another name"):
        outputs.convert(Stack("urn", {name: None}), show_secrets=False)


def test_everything_that_is_refused_is_named_at_once() -> None:
    with pytest.raises(Refused, match=r"(?s)'one'.*'two'"):
        converted(one=given.encrypted(), two=given.encrypted(), three=3)


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b'{"version": 2, "deployment": {"resources": []}}',
        b'{"version": 3, "deployment": {}}',
        b'{"version": 3, "deployment": {"resources": [1, {}]}}',
    ],
)
def test_what_is_no_export_of_a_deployed_stack_is_refused(data: bytes) -> None:
    with pytest.raises(Refused, match="pulumi"):
        stack.read(data)


def test_another_stack_has_another_lineage_and_the_same_stack_the_same() -> None:
    one, again, other = (stack.read(given.export({}, urn)).lineage for urn in ("urn:a", "urn:a", "urn:b"))

    assert one == again != other


def test_differences_are_said_without_secrets() -> None:
    before = State("l", 1, {"gone": Output("x", "string"), "pin": Output("old", "string", sensitive=True)})
    after = State("l", 2, {"new": Output(True, "bool"), "pin": Output("open", "string")})  # noqa: FBT003 - a value

    assert list(outputs.differences(before, after)) == [
        '- gone = "x"',
        "+ new = true",
        "~ pin = (sensitive) -> (sensitive), no longer sensitive",
    ]


def test_a_change_of_type_alone_is_said() -> None:
    before = State("l", 1, {"a": Output([], ["list", "string"])})

    assert list(outputs.differences(before, State("l", 2, {"a": Output([], ["tuple", []])}))) == [
        "~ a = [] -> [], of another type"
    ]
