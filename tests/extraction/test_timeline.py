"""Which facts hold when: the same whatever the order they come in, and as if never said once a turn is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.conversation import Memory
from runtime.extraction.timeline import told, without
from tests.extraction.given import stated

turns = st.lists(st.sampled_from(["Graz", "Oslo", "Rome"]), max_size=7)


def kept(facts: Iterable[Memory]) -> list[Memory]:
    """Return the facts that are left when all are told, one after the other."""
    records: dict[str, Memory] = {}
    for fact in facts:
        records |= {changed.id: changed for changed in told(list(records.values()), fact)}
    return sorted(records.values(), key=lambda record: record.at)


def shown(facts: Iterable[Memory]) -> list[object]:
    """Return what the facts say, whatever their names."""
    ordered = sorted(facts, key=lambda record: (record.at, record.value))
    places = {fact.id: place for place, fact in enumerate(ordered)}
    return [(fact.value, fact.at, fact.valid_until, fact.sources, places.get(fact.replaces or "")) for fact in ordered]


def said(values: list[str], attribute: str = "lives in") -> list[Memory]:
    return [stated(value, f"t{at}", float(at), attribute) for at, value in enumerate(values)]


def test_a_newer_value_closes_the_older_and_names_it() -> None:
    graz, oslo = kept(said(["Graz", "Oslo"]))

    assert (graz.valid_until, oslo.valid_until, oslo.replaces) == (1.0, None, graz.id)


def test_the_same_said_again_is_one_fact_of_two_turns() -> None:
    (graz,) = kept(said(["Graz", "Graz"]))

    assert (graz.sources, graz.valid_from, graz.valid_until) == (("t0", "t1"), 0.0, None)


def test_what_many_can_be_true_of_closes_nothing() -> None:
    assert [fact.valid_until for fact in kept(said(["English", "German"], "speaks"))] == [None, None]


def test_what_is_liked_no_more_is_closed() -> None:
    liked, disliked = kept([stated("tea", "t0", 0.0, "likes"), stated("tea", "t1", 1.0, "dislikes")])

    assert (liked.valid_until, disliked.valid_until, disliked.replaces) == (1.0, None, liked.id)


def test_what_the_user_put_right_stands_until_they_say_something_newer() -> None:
    right = replace(stated("Bergen", "t1", 1.0), corrected=5.0)

    assert told([right], stated("Oslo", "t1", 1.0)) == []
    assert told([right], stated("Oslo", "late", 3.0)) == []
    assert [fact.value for fact in told([right], stated("Rome", "t9", 9.0))] == ["Bergen", "Rome"]


def test_what_the_user_put_right_is_not_learned_again_from_its_turn() -> None:
    right = replace(stated("green tea", "t1", 1.0, "likes"), corrected=5.0)

    assert told([right], stated("tea", "t1", 1.0, "likes")) == []


def test_what_was_ended_by_hand_stays_ended_until_it_is_said_again() -> None:
    ended = replace(stated("Graz", "t1", 1.0), valid_until=3.0)

    assert [fact.value for fact in told([ended], stated("Oslo", "t9", 9.0))] == ["Oslo"]
    assert [fact.valid_until for fact in told([ended], stated("Graz", "t9", 9.0))] == [None]


def test_a_plan_that_is_said_again_is_kept_longer() -> None:
    plans = [replace(stated("to Rome", f"t{at}", at, "plan"), expires=at + 10) for at in (0.0, 4.0)]

    (plan,) = kept(plans)

    assert plan.expires == 14.0


@given(turns, st.randoms())
def test_the_order_in_which_turns_are_read_does_not_count(values: list[str], chance: Random) -> None:
    facts = said(values)
    mixed = facts.copy()
    chance.shuffle(mixed)

    assert shown(kept(mixed)) == shown(kept(facts))


@given(turns)
def test_reading_a_turn_again_changes_nothing(values: list[str]) -> None:
    facts = said(values)

    assert all(told(kept(facts), fact) == [] for fact in facts)


@given(turns, st.sets(st.integers(0, 6)))
def test_a_forgotten_turn_leaves_what_would_be_without_it(values: list[str], forgotten: set[int]) -> None:
    facts, turns = said(values), {f"t{number}" for number in forgotten}
    known = {fact.id: fact for fact in kept(facts)}

    changed, gone = without(list(known.values()), turns)
    left = {**known, **{fact.id: fact for fact in changed}}

    remaining = [fact for fact in facts if fact.source not in turns]
    assert shown(fact for fact in left.values() if fact.id not in gone) == shown(kept(remaining))
