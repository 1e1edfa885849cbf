"""The policy's file, and what is done with it in process: screening, notices, phrases."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime import policy
from runtime.errors import Misconfigured
from runtime.policy.document import read
from runtime.policy.phrases import Phrases, Rule

FILE = (files("runtime.policy") / "policy.toml").read_text(encoding="utf-8")
NOON = 1_790_000_000.0 - 1_790_000_000.0 % 86_400 + 43_200
CARDS = [
    "4111111111111111",
    "5555555555554444",
    "378282246310005",
    "6011111111111117",
    "4222222222222",
    "2223003122003222",
]


def card(prefix: str, length: int) -> str:
    """Return a number of *length* digits that begins with *prefix* and holds Luhn's law."""
    body = prefix.ljust(length - 1, "7")[: length - 1]
    return next(body + str(last) for last in range(10) if luhn(body + str(last)) == 0)


def luhn(digits: str) -> int:
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2]]
    return (sum(doubled) + sum(map(int, digits[-1::-2]))) % 10


def test_the_policy_has_the_values_of_the_reference() -> None:
    read_policy = policy.load()

    assert {read_policy.filters[name] for name in ("SEXUAL", "VIOLENCE", "HATE")} == {policy.Filter("HIGH", "HIGH")}
    assert read_policy.pii == {"EMAIL": "ANONYMIZE", "CREDIT_DEBIT_CARD_NUMBER": "BLOCK"}
    assert {read_policy.refusal(output=True), read_policy.refusal(output=False)} == {"I can't help with that."}


@pytest.mark.parametrize("number", ["112", "911", "988", "116 123", "findahelpline.com"])
def test_the_crisis_reply_says_whom_to_call(number: str) -> None:
    assert number in policy.load().crisis.reply
    assert number in policy.load().notice("crisis")


def test_what_the_policy_says_itself_is_told_from_an_answer() -> None:
    own = policy.load()

    assert own.is_refusal(own.crisis.reply)
    assert own.is_refusal(own.messages.output)
    assert not own.is_refusal("I can help with that.")


def test_the_policy_is_read_once() -> None:
    assert policy.load() is policy.load()


def test_the_hash_is_that_of_the_content_and_not_of_its_spelling() -> None:
    assert read(FILE.replace("# ", "#  ")).hash == policy.load().hash
    assert read(FILE.replace("recent_days = 30", "recent_days = 31")).hash != policy.load().hash


@pytest.mark.parametrize(
    ("written", "instead", "named"),
    [
        ('output = "NONE" }\n\n# What is personal', 'output = "HIGH" }\n\n# What is personal', "PROMPT_ATTACK"),
        ('VIOLENCE = { input = "HIGH"', 'VIOLENCE = { input = "STRONG"', "STRONG"),
        ("SEXUAL =", "SEX =", "SEX"),
        ("every_hours = 3", 'every_hours = "3"', "every_hours"),
        ("every_hours = 3", "every_hour = 3", "every_hour"),
        ("recent_days = 30\n", "", "recent_days"),
        ('EMAIL = "ANONYMIZE"', 'EMAIL = "BLOCK"', "patterns.py"),
        ('input = "I can', f'input = "{"x" * 501}I can', "messages.input"),
        ("[retention]", "[retention", "TOML"),
    ],
)
def test_a_policy_that_can_not_work_says_what_is_wrong(written: str, instead: str, named: str) -> None:
    assert written in FILE

    with pytest.raises(Misconfigured, match=r"(?s)got: .*why: .*instead: ") as refused:
        read(FILE.replace(written, instead, 1))

    assert named in str(refused.value)


@pytest.mark.parametrize(
    ("text", "screened"),
    [
        ("Mail jane.doe+x@mail.example.com.", "Mail {EMAIL}."),
        ("jörg@müller.de and a@b.co", "{EMAIL} and {EMAIL}"),
        ("jane\u200b@exa\u00admple.com", "{EMAIL}"),
        ("ｊａｎｅ＠ｅｘａｍｐｌｅ．ｃｏｍ", "{EMAIL}"),  # noqa: RUF001 - full width is the point
        ("jane (at) example.com", "{EMAIL}"),
        ("noon @ the station, @jane, a@b, {EMAIL}", "noon @ the station, @jane, a@b, {EMAIL}"),
    ],
)
def test_addresses_are_masked(text: str, screened: str) -> None:
    assert policy.screen(text) == policy.Screened(screened, blocked=False)


@pytest.mark.parametrize("number", CARDS)
@pytest.mark.parametrize("separator", ["", " ", "-", " - ", "\u2013", "\u00a0", "\u200b", "."])
def test_cards_block_however_they_are_spaced(number: str, separator: str) -> None:
    spaced = separator.join(number[start : start + 4] for start in range(0, len(number), 4))

    assert policy.screen(f"my card {spaced} 12/28") == policy.Screened(
        "my card {CREDIT_DEBIT_CARD_NUMBER} 12/28", blocked=True
    )


@pytest.mark.parametrize("zero", ["٠", "０", "𝟎", "۰"])  # noqa: RUF001 - look-alikes are the point
def test_cards_block_in_other_digits(zero: str) -> None:
    assert policy.screen("".join(chr(ord(zero) + int(digit)) for digit in CARDS[0])).blocked


@pytest.mark.parametrize(
    "text",
    [
        *("4111 1111 1111 1112", "1234-5678-9012", "+44 20 7946 0958", "978-3-16-148410-0", "2019 2020 2021 2022"),
        *("3.14159265358979323846", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", "41111111111111110000000", "1790000000000"),
    ],
)
def test_other_numbers_are_no_cards(text: str) -> None:
    assert policy.screen(text) == policy.Screened(text, blocked=False)


@given(
    st.sampled_from(["34", "37", "4", "51", "55", "6011", "65"]), st.integers(13, 19), st.text("ab .,:\n", max_size=9)
)
def test_every_length_of_a_card_is_found_and_nothing_of_it_is_left(prefix: str, length: int, around: str) -> None:
    number = card(prefix, length)

    screened = policy.screen(f"{around}x {number} y{around}")

    assert screened.blocked
    assert number not in screened.text


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_address_never_passes_whole(head: str, tail: str) -> None:
    assert "jane@example.com" not in policy.screen(f"{head} jane@example.com {tail}").text


@given(st.text(max_size=200))
def test_what_is_screened_stays_so(text: str) -> None:
    once = policy.screen(text)

    assert policy.screen(once.text) == policy.Screened(once.text, blocked=False)


def test_the_first_turn_of_a_day_discloses() -> None:
    kinds, use = policy.due(policy.Use(), NOON, minor=False)

    assert (kinds, use) == (("disclosure",), policy.Use(NOON, 0.0, 0.0))
    assert policy.due(use, NOON + 60, minor=False)[0] == ()
    assert policy.due(use, NOON + 43_200, minor=False)[0] == ("disclosure",)


def talk(minutes: int, *, every: int, minor: bool) -> list[tuple[int, str]]:
    """Talk for *minutes* with a turn each *every*; return what was told when."""
    told, use = [], policy.Use(NOON - every * 60)
    for minute in range(0, minutes + 1, every):
        kinds, use = policy.due(use, NOON + minute * 60, minor=minor)
        told += [(minute, kind) for kind in kinds]
    return told


def test_three_hours_of_use_disclose_again() -> None:
    assert talk(400, every=20, minor=False) == [(160, "disclosure"), (340, "disclosure")]


def test_minors_are_offered_a_break_each_hour_of_use() -> None:
    assert talk(190, every=10, minor=True) == [(50, "break"), (110, "break"), (170, "disclosure"), (170, "break")]


def test_a_gap_of_more_than_half_an_hour_is_no_use() -> None:
    assert talk(680, every=31, minor=True) == []


def test_a_phrase_is_found_by_whole_words_with_what_may_be_left_out() -> None:
    phrases = Phrases([Rule("A", ("{red|very blue} [big] house ... sold",), ("house was never sold",))])

    found = [
        phrases.find(text)
        for text in ("A red house is sold.", "very blue, big house sold", "red house. Sold", "red house was never sold")
    ]

    assert found == [{"A"}, {"A"}, set(), set()]


def test_a_phrase_counts_where_it_ends() -> None:
    phrases = Phrases([Rule("A", ("red house",))])

    assert phrases.find("house", before="a red ") == {"A"}
    assert phrases.find(" and a garden", before="a red house") == frozenset()
    assert phrases.find(" red house", before="a red house, a") == {"A"}
