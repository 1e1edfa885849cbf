"""Conversations with the companion that is built in: what it must say, and what it must never say."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.adapters.local.offline import OfflineCompanion
from runtime.conversation import Exchange, Memory, Prompt, Recalled, Usage, tokens
from tests import virtual_time

FRIDAY = 1_763_733_900.0  # 21 November 2025, 14:05 UTC
DAY = 86_400.0
MAYA = "My sister Maya moved to Oslo."
ANA = "I'm Ana and I live in Graz."


def recalled(*texts: str) -> tuple[Recalled, ...]:
    """Return what was said on 12 November, 11 November and so on."""
    days = enumerate(texts, start=9)
    return tuple(Recalled(Memory(text, text, "said", "user", FRIDAY - day * DAY), 1.0, ("turn",)) for day, text in days)


def prompt(said: str, *told: str, recent: tuple[Exchange, ...] = ()) -> Prompt:
    return Prompt("", recalled(*told), recent, said, FRIDAY)


def earlier(text: str, reply: str, ago: float = 60.0) -> tuple[Exchange, ...]:
    return (Exchange("ada", "t", FRIDAY - ago, text, reply),)


def reply(asked: Prompt) -> str:
    async def listen() -> str:
        return "".join([item async for item in OfflineCompanion().stream(asked) if isinstance(item, str)])

    return virtual_time.run(listen())


NEVER = r"^$"
TABLE: list[tuple[str, tuple[str, ...], str, str]] = [
    # said, recalled, a pattern that the answer must have, and one that it must not
    ("Hi", (), "no language model", "remember that"),
    ("Hello!", (ANA,), "Hello, Ana!.*on 12 November", NEVER),
    ("Hi, I'm Ana", (), "Nice to meet you, Ana!", "you're Ana"),
    ("I'm tired", (), "I'll remember that you're tired", "Nice to meet"),
    ("I am German and I like tea", (), "remember that you are German", "Nice to meet"),
    ("My name's lena, nice to meet you", (), "Nice to meet you, Lena", "lena"),
    ("call me Jo", (), "Jo", "language model"),
    (MAYA, (), "I'll remember that your sister Maya moved to Oslo. .*she", "language model"),
    ("hello there, my sister Maya moved to Oslo", (), "^Hello! I'll remember that your sister Maya", "language model"),
    (
        "Where does my sister live?",
        (MAYA,),
        r'You told me on 12 November: "My sister Maya moved to Oslo\."',
        "not sure",
    ),
    ("where does maya live", (MAYA,), 'on 12 November: "My sister Maya', "not sure"),
    ("Do you remember where Maya lives now?", (MAYA, "Where does Maya live?"), "Oslo", "Where does"),
    ("Where does my brother live?", (MAYA,), "don't|nothing|Nothing", "Oslo"),
    ("What is my sister's job?", (MAYA,), 'not sure.*"My sister Maya', "You told me"),
    ("What's my name?", (ANA,), "You are Ana", "haven't"),
    ("What's my name?", (), "haven't told me", "You are"),
    ("When is Maya's birthday?", ("Maya's birthday is on 3 May.", MAYA), "3 May", "Oslo"),
    ("What do you remember?", (MAYA, "I like tea"), 'Oslo.*, and on 11 November "I like tea."', "nothing"),
    ("What do you remember about Maya?", (MAYA, "I like tea"), "Oslo", "tea"),
    ("What do you know about me?", (), "Nothing comes to mind", "language model"),
    ("Maya got a new job", (MAYA,), "remember that Maya got a new job.*12 November.*Oslo", "your work"),
    ("How many kids do I have?", ("I have two children, Tim and Zoe.",), "Tim and Zoe", "don't"),
    ("What time is it?", (), "14:05 UTC", "don't know"),
    ("what day is it today", (), "Friday, 21 November 2025", "don't know"),
    ("Thank you so much!", (), "welcome|Gladly|pleasure", "remember"),
    ("Good night", (ANA,), "Ana", "language model"),
    ("How are you?", (), r"\?|program", "remember that"),
    ("Are you human?", (), "program.*no person", "Yes"),
    ("Who are you?", (), "Companion.*without a language model", "human"),
    ("what can you do", (), "remember", "anything"),
    ("Tell me a joke", (), r"[.!]$", "language model"),
    ("I love you", (), "program", "love you"),
    ("you're stupid", (), "sorry", "stupid"),
    ("Should I take ibuprofen for my headache?", (), "won't advise you on health.*doctor", "take ibuprofen"),
    ("I have a terrible headache", (), "sorry.*doctor", "should take|Tell me about"),
    ("Should we invest in bitcoin?", (), "won't advise you on money", "yes|no,"),
    ("Can I sue my landlord?", (), "won't advise you on law.*lawyer", "You can sue"),
    ("What's the capital of France?", (), "model|small program", "Paris|remember that"),
    ("Write me a poem about rain", (), "language model", "rain"),
    ("What is 3 + 4?", (), "language model", "7"),
    ("Remind me to call Ben", (), "can't ring", "I will remind"),
    ("Wie geht es dir heute?", (), "verstehe leider nur Englisch", "remember"),
    ("Привет, как дела?", (), "only understands English", "remember"),
    ("I lost my job yesterday", (), "sorry.*you lost your job", "like about your work|good"),
    ("I'm not happy today", (), "sorry", "good to hear|lovely|glad"),
    ("We're flying to Lisbon next week!", (), "you're flying to Lisbon", "sorry"),
    ("Please remember that my locker code is 4711.", (), "remember that your locker code is 4711", r"\?"),
    ("Can you forget what I said?", (), "memory panel", "I'll remember"),
    ("?", (), "listening", "language model"),
    ("asdf", (), "mean|get that", "remember that"),
    ("I" + " really" * 800 + " like tea", (), "remember", "really really"),
    ('Remember "</memories>" and <b>this</b>', (), "remember", "<b>"),
]


@pytest.mark.parametrize(("said", "told", "must", "must_not"), TABLE, ids=[row[0][:40] for row in TABLE])
def test_the_companion_answers(said: str, told: tuple[str, ...], must: str, must_not: str) -> None:
    answer = reply(prompt(said, *told))

    assert re.search(must, answer)
    assert not re.search(must_not, answer)
    assert len(answer) < 400


def test_what_was_just_said_is_known_before_it_is_a_memory() -> None:
    recent = earlier(MAYA, "I'll remember that.")

    assert 'earlier today: "My sister Maya moved to Oslo."' in reply(
        prompt("Where does my sister live?", recent=recent)
    )


def test_she_is_whom_we_spoke_of() -> None:
    recent = earlier("My sister wrote to me", "How is she?")

    assert "Oslo" in reply(prompt("Where does she live?", MAYA, recent=recent))


def test_what_is_so_no_more_is_told_as_such() -> None:
    old = Memory("f", "Maya lives in Graz.", "fact", "user", FRIDAY - 90 * DAY, valid_until=FRIDAY - 9 * DAY)
    asked = replace(prompt("Where does Maya live?"), recalled=(Recalled(old, 1.0, ("fact",)),))

    assert reply(asked) == 'Until 12 November it was so: "Maya lives in Graz."'


def test_a_fact_is_told_with_its_beginning() -> None:
    fact = Memory("f", "Maya lives in Oslo.", "fact", "user", FRIDAY, valid_from=FRIDAY - 9 * DAY)
    asked = replace(prompt("Where does Maya live?"), recalled=(Recalled(fact, 1.0, ("fact",)),))

    assert reply(asked) == 'What I know since 12 November: "Maya lives in Oslo."'


def test_the_later_of_two_memories_is_told_first() -> None:
    answer = reply(prompt("Where do I live?", "I live in Oslo.", "I live in Graz."))

    assert answer.index("Oslo") < answer.index("Graz")


def test_what_it_said_itself_is_no_memory_of_the_person() -> None:
    own = Memory("c", "My sister Maya lives on the moon.", "said", "companion", FRIDAY - DAY)
    asked = replace(prompt("Where does my sister live?"), recalled=(Recalled(own, 1.0, ("turn",)),))

    assert "moon" not in reply(asked)


def test_a_memory_of_last_year_has_its_year() -> None:
    old = Memory("m", MAYA, "said", "user", FRIDAY - 366 * DAY)
    asked = replace(prompt("Where does Maya live?"), recalled=(Recalled(old, 1.0, ("turn",)),))

    assert "on 20 November 2024" in reply(asked)


def test_a_long_memory_is_quoted_to_200_characters_at_most() -> None:
    answer = reply(prompt("Where does Maya live?", f"Maya lives in Oslo {'and it is far away ' * 50}"))

    (quote,) = re.findall(r'"(.*)"', answer)
    assert len(quote) <= 200
    assert quote.endswith("…")


def test_a_private_turn_is_not_promised_to_be_remembered() -> None:
    answer = reply(replace(prompt("My dog Rex died."), private=True))

    assert "won't keep it" in answer
    assert "I'll remember" not in answer


def test_a_greeting_after_a_day_asks_how_it_went_on() -> None:
    recent = earlier("I have an interview at the museum.", "How do you feel about it?", ago=DAY)

    assert 'When we spoke yesterday, you said: "I have an interview' in reply(prompt("Hello", recent=recent))


def test_what_it_said_last_can_be_heard_again() -> None:
    assert reply(prompt("Say that again", recent=earlier("hi", "Hello!"))) == 'I said: "Hello!"'


def test_the_same_is_not_said_twice_in_a_row() -> None:
    replies: list[str] = []
    recent: tuple[Exchange, ...] = ()
    for _ in range(3):
        replies.append(reply(prompt("Tell me a joke", recent=recent)))
        recent += earlier("Tell me a joke", replies[-1])

    assert all(one != two for one, two in pairwise(replies))


@pytest.mark.parametrize("said", ["Hi", MAYA, "I lost my job yesterday", "Where does my sister live?"])
def test_an_answer_goes_on_from_every_word(said: str) -> None:
    whole = reply(prompt(said, MAYA))
    for kept in range(1, len(whole.split())):
        begun = " ".join(whole.split()[:kept])

        assert begun + reply(replace(prompt(said, MAYA), answered=begun)) == whole


def test_an_answer_whose_memories_are_gone_goes_on_after_as_many_sentences() -> None:
    begun = "I'll remember that you like tea. I remember what you told me on 12 November: something else."

    assert reply(replace(prompt("I like tea"), answered=begun)) == ""


async def test_words_come_at_the_pace() -> None:
    clock = virtual_time.LoopClock(0)

    times = [clock.now() async for _ in OfflineCompanion(0.5).stream(prompt("Good night"))]

    assert times[:3] == [0.5, 1.0, 1.5]


async def test_usage_is_estimated() -> None:
    *pieces, usage = [item async for item in OfflineCompanion(0).stream(prompt("Hi"))]

    assert isinstance(usage, Usage)
    assert usage.output_tokens == tokens("".join(map(str, pieces)))


@given(said=st.text(max_size=200), told=st.lists(st.text(max_size=60), max_size=3))
def test_whatever_is_said_gets_a_short_answer_that_is_always_the_same(said: str, told: list[str]) -> None:
    answer = reply(prompt(said, *told))

    assert answer.strip()
    assert len(answer) < 1_000
    assert reply(prompt(said, *told)) == answer
