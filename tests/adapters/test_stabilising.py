"""What changing guesses become: words, of which those that are stable stay."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.local.recognition.stabilising import stabilised
from runtime.adapters.local.recognition.utterance import Word


def said(text: str, since: float = 0.0) -> list[Word]:
    """Return *text*, half a second a word."""
    words = text.split()
    return [Word(word, since + place / 2, since + place / 2 + 0.5) for place, word in enumerate(words)]


def shown(words: tuple[Word, ...]) -> str:
    """Return *words* with a star behind those that are stable."""
    return " ".join(word.text + "*" * word.stable for word in words)


GUESSES = st.lists(st.text("ab", min_size=1, max_size=12).map(lambda text: said(" ".join(text))), max_size=12)


def test_a_first_guess_has_nothing_stable() -> None:
    assert shown(stabilised((), said("wreck a nice beach"), 9.0)) == "wreck a nice beach"


def test_what_stood_through_two_guesses_and_is_over_for_a_while_is_stable() -> None:
    first = stabilised((), said("my sister moved to"), 2.0)

    assert shown(stabilised(first, said("my sister moved to oslo"), 2.6)) == "my* sister moved to oslo"


def test_no_word_is_stable_before_the_one_in_front_of_it() -> None:
    first = stabilised((), said("by sister moved to oslo"), 9.0)

    assert shown(stabilised(first, said("my sister moved to oslo"), 9.0)) == "my sister moved to oslo"


def test_a_stable_word_is_kept_when_it_is_heard_otherwise_later() -> None:
    first = stabilised((), said("wreck a nice"), 9.0)
    second = stabilised(first, said("wreck a nice"), 9.0)

    assert shown(stabilised(second, said("recognise speech tonight and more"), 9.0)) == "wreck* a* nice* and more"


@given(GUESSES)
def test_what_was_stable_once_begins_whatever_is_known_later(guesses: list[list[Word]]) -> None:
    known: tuple[Word, ...] = ()
    for number, guess in enumerate(guesses):
        stable = tuple(word for word in known if word.stable)
        known = stabilised(known, guess, 0.5 * number)

        assert known[: len(stable)] == stable


@given(GUESSES)
def test_words_are_known_in_the_order_in_which_they_were_said(guesses: list[list[Word]]) -> None:
    known: tuple[Word, ...] = ()
    for number, guess in enumerate(guesses):
        known = stabilised(known, guess, 0.5 * number)

        assert [word.start for word in known] == sorted(word.start for word in known)
