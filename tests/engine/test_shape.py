"""Where the stand-in for Pulumi's bridge could hide a change of the program, or show one that is none."""

from __future__ import annotations

from typing import Any

import pytest

from bridge.document import Number
from bridge.schema import Props, read
from tests.engine.shape import Shape
from tests.engine.values import LATER, opened, packed, sealed, secret_keys, unpacked

RULE = {
    "attributes": {
        "port": {"type": "number", "required": True, "computed": False},
        "id": {"type": "string", "optional": False, "computed": True},
    },
    "block_types": {},
}
BLOCK: dict[str, Any] = {
    "attributes": {
        "name": {"type": "string", "optional": True, "computed": False},
        "arn": {"type": "string", "computed": True},
        "zones": {"type": ["set", "string"], "optional": True, "computed": False},
        "steps": {"type": ["list", "string"], "optional": True, "computed": False},
        "size": {"type": "number", "optional": True, "computed": True},
    },
    "block_types": {"rule": {"nesting_mode": "set", "max_items": 0, "block": RULE}},
}
SHAPE = Shape(BLOCK, read("aws_thing", BLOCK))
HTTP: Props = {"port": Number("80"), "id": "r-80"}
HTTPS: Props = {"port": Number("443"), "id": "r-443"}
PRIOR: Props = {
    "name": "a",
    "arn": "arn:a",
    "zones": ["x", "y"],
    "steps": ["one", "two"],
    "size": Number("5"),
    "rule": [HTTP, HTTPS],
}


@pytest.mark.parametrize(
    ("after", "found"),
    [
        ({"zones": ["y", "x"], "size": Number("5.0"), "rule": [HTTPS, HTTP]}, set()),
        ({"zones": ["y"]}, {"zones"}),
        ({"steps": ["two", "one"]}, {"steps"}),
        ({"size": Number("6")}, {"size"}),
        ({"size": LATER}, {"size"}),
        ({"name": None}, {"name"}),
        ({"rule": [{**HTTP, "port": Number("81")}, HTTPS]}, {"rule"}),
        ({"rule": [HTTP]}, {"rule"}),
    ],
)
def test_a_change_is_found_wherever_it_is_and_the_order_of_a_set_is_none(after: Props, found: set[str]) -> None:
    assert SHAPE.changed(PRIOR, {**PRIOR, **after}) == found


def test_what_nobody_says_stays_only_where_the_provider_may_decide_it() -> None:
    said: Props = {"name": None, "zones": ["x"], "rule": [{"port": Number("443"), "id": None}]}

    proposed = SHAPE.proposed(PRIOR, said)

    assert (proposed["arn"], proposed["size"]) == ("arn:a", Number("5"))
    assert (proposed["name"], proposed["steps"]) == (None, None)
    assert proposed["rule"] == [HTTPS]


def test_what_is_not_known_yet_reaches_the_provider_as_that_and_comes_back_so() -> None:
    told = SHAPE.configuration({"name": LATER, "rules": LATER})

    assert (told["name"], told["rule"]) == (LATER, LATER)
    assert unpacked(packed(told)) == told
    assert SHAPE.properties({**PRIOR, "rule": LATER})["rules"] == LATER


def test_numbers_are_neither_rounded_nor_changed_on_the_way() -> None:
    whole: Props = {"small": Number("3"), "part": Number("0.1"), "large": Number(str(2**53 - 1))}

    assert unpacked(packed(whole)) == opened(sealed(whole)) == whole


def test_a_secret_is_found_as_deep_as_it_is_and_stays_one() -> None:
    struct = sealed({"tags": {"key": "x"}, "plain": "y"}, {"tags"})

    assert secret_keys(struct) == {"tags", "tagsAll"}
    assert secret_keys(sealed({"deep": [{"in": dict(struct["tags"])}], "plain": "y"})) == {"deep"}
    assert opened(struct) == {"tags": {"key": "x"}, "plain": "y"}
