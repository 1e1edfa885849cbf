"""What goes into an item of DynamoDB comes out of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.aws.items import item, item_of

NUMBERS = st.integers(-(10**36), 10**36) | st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.none() | st.booleans() | NUMBERS | st.text() | st.binary()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=4)


@given(st.dictionaries(st.text(), VALUES, max_size=4))
def test_an_items_fields_come_back_as_they_were_but_for_those_that_are_none(fields: dict[str, object]) -> None:
    there = {name: value for name, value in fields.items() if value is not None}

    assert item_of(item(fields)) == there
