"""What a model thinks and does not say, where only the end of its thoughts is ever sent."""

from __future__ import annotations

import pytest

from runtime.completion.utterance import Thoughts

RAW = "They greet me. So I greet.</think>\n\nHello! I am here."


def shown(thoughts: Thoughts, *pieces: str, cut: bool = False) -> str:
    """Return what is shown of *pieces*."""
    return "".join([*map(thoughts.feed, pieces), thoughts.end(cut=cut)])


@pytest.mark.parametrize("size", range(1, 12))
def test_thoughts_that_a_template_began_are_held_back_to_their_end(size: int) -> None:
    thoughts = Thoughts(begun=True)

    assert shown(thoughts, *(RAW[at : at + size] for at in range(0, len(RAW), size))) == "\n\nHello! I am here."
    assert thoughts.begun


def test_an_end_that_nothing_opened_is_not_shown_and_says_what_to_expect() -> None:
    thoughts = Thoughts()

    assert shown(thoughts, "They greet me. ", "So I greet.</thi", "nk>Hello!") == "They greet me. So I greet.Hello!"
    assert thoughts.begun


def test_an_answer_without_the_thoughts_that_were_expected_is_shown_at_its_end() -> None:
    thoughts = Thoughts(begun=True)

    assert [thoughts.feed("Hello! "), thoughts.feed("It is 1 < 2 <"), thoughts.end()] == [
        "",
        "",
        "Hello! It is 1 < 2 <",
    ]
    assert not thoughts.begun


def test_thoughts_that_were_cut_off_are_not_shown() -> None:
    thoughts = Thoughts(begun=True)

    assert shown(thoughts, "They greet me. ", "So I ", cut=True) == ""
    assert thoughts.begun


def test_thoughts_opened_later_in_the_answer_are_left_out_as_ever() -> None:
    assert shown(Thoughts(begun=True), "Hm.</think>Yes. <think>No?</think>", "Sure. <think>Well") == "Yes. Sure. "


def test_an_answer_of_nothing_tells_nothing() -> None:
    thoughts = Thoughts(begun=True)

    assert shown(thoughts) == ""
    assert thoughts.begun
