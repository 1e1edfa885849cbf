"""The windows of records, as they come and go: each knows the two before and after it, and nobody else."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from runtime.adapters.aws.search.records import Record, document, made, record
from runtime.adapters.aws.search.windows import REACH, rewoven
from runtime.conversation import Memory

OWNER = "owner"
_STEPS = st.lists(st.tuples(st.integers(0, 15), st.sampled_from(["here", "gone", "meant"])), max_size=30)


def said(at: int) -> Record:
    """Return what was said at an instant."""
    return made(OWNER, Memory(f"said-{at}", f"word{at}", "said", "user", float(at)))


def nearest(session: Iterable[Record], changed: Record) -> list[Record]:
    """Return what a store reads around a change: the nearest four on either side, and the record itself."""
    others = sorted((one for one in session if one.card.key != changed.card.key), key=lambda one: one.card.place)
    before = [one for one in others if one.card.place < changed.card.place]
    after = [one for one in others if one.card.place > changed.card.place]
    return [*before[-REACH:], *after[:REACH]]


def ids(one: Record) -> list[str | None]:
    """Return who stands around a record."""
    return [found.key if found else None for found in (one.card.b2, one.card.b1, one.card.a1, one.card.a2)]


@given(_STEPS)
def test_windows_that_are_kept_up_to_date_are_those_of_the_whole_session(steps: list[tuple[int, str]]) -> None:
    session: dict[str, Record] = {}
    for at, what in steps:
        new = structs.replace(said(at), vector=(float(at), 1.0), model="m") if what == "meant" else said(at)
        stretch = nearest(session.values(), new)
        session.pop(new.card.key, None)
        if what != "gone":
            session[new.card.key] = new
            stretch.append(new)
        session |= rewoven(stretch, [new.card.place])

    bare = [structs.replace(said(int(one.memory.at)), vector=one.vector, model=one.model) for one in session.values()]
    assert session == {one.card.key: one for one in bare} | rewoven(bare, [one.card.place for one in bare])


def test_each_stands_between_those_that_were_said_around_it() -> None:
    session = [said(at) for at in range(5)]

    woven = rewoven(session, [one.card.place for one in session])

    keys = [one.card.key for one in session]
    assert ids(woven[keys[2]]) == [keys[0], keys[1], keys[3], keys[4]]
    assert ids(woven[keys[0]]) == [None, None, keys[1], keys[2]]


def test_vectors_of_another_model_are_in_nobody_s_sum() -> None:
    one, two, three = (
        structs.replace(said(at), vector=(float(at), 1.0), model=model) for at, model in ((1, "m"), (2, "m"), (3, "n"))
    )

    woven = rewoven([one, two, three], [one.card.place, three.card.place])

    assert (woven[two.card.key].nearby, woven[two.card.key].nearby_model) == ((3.0, 2.0), "m")
    assert (woven[three.card.key].nearby, woven[three.card.key].nearby_model) == ((3.0, 1.0), "n")


def test_a_record_is_read_as_it_was_written() -> None:
    session = [structs.replace(said(at), vector=(float(at), 0.5), model="m") for at in range(3)]

    for one in rewoven(session, [session[1].card.place]).values():
        assert record(document(one)) == one
