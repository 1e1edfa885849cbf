"""What a chunk is: exactly the model's text, cut where a voice would pause and nowhere else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.sentences import LIMIT, Chunker, sentence_so_far

SOLID = [  # Not even the limit cuts into these.
    *("3.14", "1,000", "10:30", "1.234.567,89", "$4.50", "2026-11-21", "10–12", "v2.0.1"),
    *("4111 1111 1111 1111", "4111-1111-1111-1111", "3782 822463 10005", "+44 20 7946 0958"),
    *("jane.doe@mail.example.com", "https://example.com/a?b=c,d;e!f.g#h", "www.example.org/x?y=1", "example.com"),
    *('"Stop! Go. Now?"', "“One. Two!”", "(so! it. is)", "well...maybe", "wait…what", "e.g.", "U.S."),
]
WHOLE = [
    *SOLID,
    *("Dr. Smith", "e.g. this", "U.S. Army", "J. R. R. Tolkien", "Mr. O’Neil", "approx. five", "No. 5", "3 p.m. sharp"),
    *('"Stop! Go. Now?" he said', "“One. Two!” she said"),
]
PLAIN = [
    *(
        "well,",
        "so",
        "I think",
        "that is fine.",
        "Really?",
        "Yes!",
        "it goes on",
        "note:",
        "a;",
        "und—",
        "ok.",
        "今日は。",
    )
]
CERTAIN = [*PLAIN, *WHOLE, "\n", "“Go.” Then"]


def cut(text: str, size: int = 4, *, patient: bool = False) -> list[str]:
    """Chunk *text* as it comes in pieces of *size* characters."""
    chunker = Chunker()
    pieces = (text[start : start + size] for start in range(0, len(text), size))
    return [*(chunk for piece in pieces for chunk in chunker.push(piece, patient=patient)), *chunker.end()]


@pytest.mark.parametrize("whole", WHOLE)
@pytest.mark.parametrize("size", [1, 3, 500])
def test_nothing_is_cut_that_belongs_together(whole: str, size: int) -> None:
    chunks = cut(f"Well then, my dear friend, it is {whole} that I meant. And more", size)

    assert [chunk for chunk in chunks if whole in chunk]


def test_the_first_chunk_is_a_clause_of_at_least_three_words() -> None:
    assert cut("Well, I think so, and you. Bye.") == ["Well, I think so,", " and you.", " Bye."]


@given(st.lists(st.sampled_from(CERTAIN), min_size=1, max_size=30), st.integers(1, 50))
def test_a_first_chunk_that_no_line_ends_has_three_words_or_is_all_there_is(atoms: list[str], size: int) -> None:
    text = " ".join(atoms) + " "
    chunks = cut(text, size)

    line = text[len(chunks[0]) :].lstrip(" ").startswith("\n") if chunks else True
    assert line or len(chunks) == 1 or len(chunks[0].split()) >= 3 or sum(map(chunks[0].count, "今日は")) >= 6


def test_the_first_chunk_is_not_a_sentence_of_one_word() -> None:
    assert cut("Hi! How are you? Fine.") == ["Hi! How are you?", " Fine."]


def test_a_closing_sign_that_nothing_opened_ends_no_clause() -> None:
    text = "I like f(x) and [the docs](https://a.example/b) so much. Ok"

    assert cut(text)[0] == "I like f(x) and [the docs](https://a.example/b) so much."


@pytest.mark.parametrize("sign", [";", ":", "—", " –"])
def test_a_first_clause_ends_at_each_of_its_signs(sign: str) -> None:
    assert cut(f"I am here{sign} so are you")[0] == f"I am here{sign}"


def test_clauses_do_not_end_later_chunks() -> None:
    assert cut("I am here. Well, so you are, aren’t you? Yes") == [
        "I am here.",
        " Well, so you are, aren’t you?",
        " Yes",
    ]


@pytest.mark.parametrize("end", ["!", "?", ". ", "… ", "\n", "。", "؟"])
def test_a_certain_end_needs_no_further_piece(end: str) -> None:
    chunker = Chunker()

    assert chunker.push(f"I am very well{end}") == [f"I am very well{end}".rstrip()]


def test_a_full_stop_at_the_end_of_a_piece_waits_for_the_next() -> None:
    chunker = Chunker()

    assert [chunker.push("It costs about 3."), chunker.push("14 now."), chunker.push(" And")] == [
        [],
        [],
        ["It costs about 3.14 now."],
    ]


def test_a_question_mark_in_an_address_waits_for_the_next_piece() -> None:
    assert (
        cut("See now https://a.example/find?q=cats for it. Ok", 28)[0]
        == "See now https://a.example/find?q=cats for it."
    )


def test_closing_signs_and_emoji_belong_to_what_they_close() -> None:
    text = "That is **great!** It works (really well). 🎉 Wow!! 😀 Now."

    assert cut(text, 99) == ["That is **great!**", " It works (really well). 🎉", " Wow!! 😀", " Now."]


def test_a_quotation_ends_a_sentence_only_where_a_capital_follows() -> None:
    text = "She said it: “Go away!” he heard. He said “No.” Then he left."

    assert cut(text)[1:] == [" “Go away!” he heard.", " He said “No.”", " Then he left."]


def test_inches_and_smileys_open_nothing() -> None:
    assert cut('It is 6" tall. Sad :( but true. Yes') == ['It is 6" tall.', " Sad :( but true.", " Yes"]


def test_a_new_line_ends_a_chunk_and_the_number_of_a_list_does_not() -> None:
    assert cut("Two things:\n1. Bread\n2. Milk") == ["Two things:", "\n1. Bread", "\n2. Milk"]


def test_a_sentence_may_end_in_a_number() -> None:
    assert cut("I was born in 1990. Then came 1991.") == ["I was born in 1990.", " Then came 1991."]


def test_white_space_leads_the_chunk_after_it() -> None:
    assert cut("I am here now \n and there. \n ", 99) == ["I am here now", " \n and there."]


def test_a_quotation_is_kept_whole_where_that_fits() -> None:
    chunks = cut("word " * 90 + "“It is. So it is. Let it be so then, my dear” he " + "word " * 90)

    assert any("“It is. So it is. Let it be so then, my dear”" in chunk for chunk in chunks)


def test_the_patient_get_sentences_joined_up_to_the_limit() -> None:
    chunks = cut("I am here now. " + "It is as it was before. " * 60, patient=True)

    assert len(chunks) == 4
    assert all(chunk.endswith(".") and len(chunk) > LIMIT - 30 for chunk in chunks[1:-1])


def test_what_was_held_back_comes_once_nobody_is_patient() -> None:
    chunker = Chunker()
    chunker.push("I am here now. ")
    held = chunker.push("It is so. Yes it is. An", patient=True)

    assert (held, chunker.push("d")) == ([], [" It is so. Yes it is."])


def test_a_sentence_that_is_too_long_is_cut_at_a_clause() -> None:
    chunks = cut("I am here now. " + "word " * 80 + "end, " + "word " * 60)

    assert chunks[1].endswith("end,")


def test_a_sentence_without_clauses_is_cut_between_words() -> None:
    chunks = cut("I am here now. " + "word " * 300)

    assert [chunk[-5:] for chunk in chunks[1:]] == [" word"] * 3


def test_a_run_without_spaces_is_cut_at_the_limit() -> None:
    assert [len(chunk) for chunk in cut("x" * 1500, 7)] == [LIMIT, LIMIT, 300]


def test_the_white_space_before_an_answer_that_goes_on_is_kept() -> None:
    assert cut(" and so on it goes. ") == [" and so on it goes."]


@given(st.lists(st.text("ab1 .,!?\n\"”“()@:/…。—🎉'x", max_size=30) | st.sampled_from(WHOLE)), st.data())
def test_chunks_are_the_pieces_and_never_too_long(pieces: list[str], data: st.DataObject) -> None:
    chunker, text = Chunker(), "".join(pieces)
    chunks = [chunk for piece in pieces for chunk in chunker.push(piece, patient=data.draw(st.booleans()))]
    chunks += chunker.end()

    assert "".join(chunks) == text.rstrip()
    assert all(chunk.strip() and len(chunk) <= LIMIT for chunk in chunks)


@given(st.text('a1 .,!?\n"”“(@-', max_size=80).map(lambda text: text * 40), st.integers(1, 700), st.booleans())
def test_long_answers_keep_the_limit(text: str, size: int, patient: bool) -> None:  # noqa: FBT001 - drawn
    chunks = cut(text, size, patient=patient)

    assert "".join("".join(chunks).split()) == "".join(text.split())
    assert all(chunk.strip() and len(chunk) <= LIMIT for chunk in chunks)


@given(st.lists(st.sampled_from(CERTAIN), max_size=80), st.integers(1, 50), st.booleans())
def test_chunks_do_not_depend_on_how_the_text_came(atoms: list[str], size: int, patient: bool) -> None:  # noqa: FBT001 - drawn
    text = " ".join(atoms) + " "

    assert cut(text, 1, patient=patient) == cut(text, size, patient=patient)


def test_a_quotation_that_begins_behind_a_forced_cut_stays_whole() -> None:
    chunks = cut("word " * 118 + '"Stop! Go. Now?" so', 1)

    assert chunks[1] == ' "Stop! Go. Now?" so'


@given(st.lists(st.sampled_from([*SOLID, *PLAIN, "word " * 50]), max_size=60), st.integers(1, 60), st.booleans())
def test_not_even_the_limit_cuts_into_what_is_one(atoms: list[str], size: int, patient: bool) -> None:  # noqa: FBT001 - drawn
    text, inside = "", set[int]()
    for atom in atoms:
        if atom in SOLID:
            inside.update(range(len(text) + 1, len(text) + len(atom)))
        text += atom + " so "
    chunks = cut(text, size, patient=patient)

    assert not inside.intersection(len("".join(chunks[:number])) for number in range(len(chunks)))


@pytest.mark.parametrize(
    ("released", "open_"),
    [
        ("", ""),
        ("I am here. Well, so", " Well, so"),
        ("I am here.", ""),
        ("I am here. Really?", " Really?"),
        ("I am here. Really? Yes", " Yes"),
        ("I met Dr. Smith and", "I met Dr. Smith and"),
        ("First line\nsecond", "First line\nsecond"),
        ("Yes. It is 4111 1111.", " 4111 1111."),
        ("It is jane@mail.", " jane@mail."),
    ],
)
def test_the_unfinished_sentence_is_what_follows_the_last_end(released: str, open_: str) -> None:
    assert sentence_so_far(released).strip() == open_.strip()


def test_the_unfinished_sentence_is_no_longer_than_a_chunk_and_begins_with_a_word() -> None:
    open_ = sentence_so_far("skill " * 300)

    assert len(open_) <= LIMIT
    assert open_.split() == ["skill"] * len(open_.split())
