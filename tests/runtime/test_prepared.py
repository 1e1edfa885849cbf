"""Laws of a text that is said otherwise than it is shown: the way back is exact, and only goes forward."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.conversation import Heard
from runtime.speech import heard_chars, prepare, spoken
from runtime.speech.wording import RULES, said

ATOMS = [
    *("well", "so", "I think", "it's", "fine.", "Really?", "Grüße", "今日は", "\n", "  ", " ", ",", "-", "—", "…"),
    *("**", "*", "_", "`", "~~", "```", "# ", "> ", "- ", "|", "[the docs](https://example.com/a?b=c)", "<b>", "\\*"),
    *(
        "🎉",
        "👍🏽",
        "👩‍👩‍👧",
        ":)",
        "<3",
        "https://example.com/x",
        "www.example.org",
        "ana@example.com",
        "example.com,",
    ),
    *("3.14", "1,000", "$4.50", "€12", "50%", "10–12", "10:30", "2026-11-21", "v2.0.1", "No. 5", "#3", "5 km", "-4"),
    *("Dr.", "e.g.", "etc.", "&", "a/b", "x_y", "½", "{EMAIL}", "$3 million"),
]
TEXTS = st.lists(st.sampled_from(ATOMS) | st.text(max_size=3), max_size=20).map("".join) | st.lists(
    st.sampled_from(ATOMS), max_size=20
).map(" ".join)

SAID = {
    "**Great!** It _really_ works, `so` ~~so~~.": "Great! It really works, so so.",
    "See [the docs](https://example.com/a/b?c=d).": "See the docs.",
    "It is at https://www.example.com/a?b=c, yes.": "It is at example dot com, yes.",
    "Mail ana@mail.example.com.": "Mail ana at mail dot example dot com.",
    "Done 🎉! Good 👍🏽 :)": "Done! Good ",
    "\n- Bread & butter\n- Milk": "\nBread and butter.\nMilk",
    "It was $4.50, not €12 or $3 million.": "It was 4 dollars 50, not 12 euros or 3 million dollars.",
    "On 2026-11-21 at 10:30, 9:05 or 5:00 pm.": "On November 21, 2026 at 10 30, 9 oh 5 or 5 pm.",
    "10–12 °C, 1,000 km, 50%": "10 to 12 degrees Celsius, 1000 kilometers, 50 percent",
    "-4, ~7, #3": "minus 4, about 7, number 3",
    "Dr. Smith, e.g. No. 5, etc.": "Doctor Smith, for example number 5, et cetera",
    "I know {EMAIL} and v2.0.1": "I know email and version 2 point 0 point 1",
    "3 * 4 and 1½ cups": "3 times 4 and 1 and a half cups",
    "He paid 3.14 in 2026. I'm 40; so it goes.": "He paid 3.14 in 2026. I'm 40; so it goes.",
    "A→B, R&B, $5k": "A to B, R and B, $5k",
    "🎉🎉": "",
}


@pytest.mark.parametrize("shown", SAID)
def test_what_only_eyes_can_read_is_said_in_words(shown: str) -> None:
    assert prepare(shown).said == SAID[shown]


@given(TEXTS)
def test_what_is_shown_is_never_changed(text: str) -> None:
    assert prepare(text).shown == text


@given(st.text("abcd ABC,.!?'", max_size=80).filter(lambda text: re.search(r"\w", text)))
def test_plain_prose_is_said_as_it_is_shown_and_marked_where_it_is_marked(text: str) -> None:
    prepared = prepare(text)
    words = [(number, *word.span()) for number, word in enumerate(re.finditer(r"\S+", text))]

    assert prepared.said == text
    assert list(prepared.marked(words)) == words


@given(
    st.lists(st.sampled_from(["well", "so,", "etc", "Dr", "vs", "it's", "Ok!", "\n"])).map(" ".join),
    st.sampled_from(["", ".", "."]),
)
def test_prose_takes_a_shorter_way_to_the_same_words(text: str, end: str) -> None:
    long_way = RULES.sub(said, text + end)

    assert prepare(text + end).said == (long_way if re.search(r"\w", long_way) else "")


@given(TEXTS, st.integers(0, 60_000))
def test_marks_go_forward_within_the_text_whatever_is_said_instead(text: str, ms: int) -> None:
    words = prepare(text).placed(ms)

    assert all(0 <= start < end <= len(text) for _, start, end in words)
    assert all(one[0] <= two[0] <= ms and one[2] <= two[1] for one, two in pairwise(words))


@given(TEXTS)
def test_a_run_of_the_text_is_marked_at_its_own_place(text: str) -> None:
    prepared = prepare(text)
    letters = [(0, place, place + 1) for place in range(len(prepared.said))]
    marked = [prepared.marked([letter]) for letter in letters]

    for (_, place, _), ((_, start, end),) in zip(letters, marked, strict=True):
        assert end > start + 1 or text[start] == prepared.said[place] or not _is_plain(text[start])


def _is_plain(letter: str) -> bool:
    """Say whether *letter* is never said as anything else."""
    return letter.isascii() and letter.isalpha() and letter != "v"


@given(TEXTS, st.integers(1, 60_000), st.integers(0, 60_000))
def test_nothing_is_heard_of_other_words_before_all_of_them_are(text: str, ms: int, heard: int) -> None:
    prepared = prepare(text)
    timeline = spoken(len(text), ms, prepared.placed(ms), from_ms=0, from_char=0)
    chars = heard_chars(Heard(ms=heard), timeline, len(text))

    ends = {0, len(text)} | {end for _, _, end in prepared.placed(ms)}
    assert chars in ends
    assert chars == len(text) or heard < ms


def test_an_address_is_heard_once_all_of_it_is_said() -> None:
    shown = "See https://www.example.com/a/long/way?to=go now."
    prepared = prepare(shown)

    assert [shown[start:end] for _, start, end in prepared.placed(100)] == ["See", shown[4:-5], "now."]


def test_marks_that_fit_no_text_are_left_out() -> None:
    assert prepare("Hi.").marked(((0, 0, 9), (0, 2, 2), (0, -1, 2), (5, 0, 2))) == ((5, 0, 2),)
