"""Facts by a language model: only what was said, whatever the model answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime.adapters.local.scripted import ScriptedModel
from runtime.conversation import Exchange
from runtime.errors import Unavailable
from runtime.extraction.attributes import sentence
from runtime.extraction.by_model import accepted, statements
from runtime.extraction.reading import read
from tests.extraction.given import START, opened

TEXT = "My sister Maya moved to Oslo, to be near the fjord. Does Tom live in Rome?"
MAYA = {"subject": "Maya", "attribute": "relation", "value": "sister"}
OSLO = {"subject": "Maya", "attribute": "lives in", "value": "Oslo"}


def answer(*notes: dict[str, Any]) -> str:
    return json.dumps({"facts": notes})


def taken(said: str, text: str = TEXT, **known: str) -> list[str]:
    found = accepted(said, text, START, known)
    return [sentence(one.subject, one.attribute, one.value, one.relation) for one in found]


async def test_what_the_model_notes_is_worded_by_us() -> None:
    said = f"```json\n{answer(MAYA, OSLO, OSLO)}\n```"
    model = ScriptedModel([said[:9], said[9:]])

    found = await statements(model, TEXT, START, {"Rex": "dog"})

    assert [one.value for one in found] == ["sister", "Oslo"]
    assert taken(said) == ["Maya is my sister.", "My sister Maya lives in Oslo."]
    assert "Rex (dog)" in model.prompts[0].persona
    assert json.loads(model.prompts[0].schema)["required"] == ["facts"]


@pytest.mark.parametrize(
    "note",
    [
        *(
            OSLO | {"value": "Bergen"},
            OSLO | {"value": "x" * 90},
            OSLO | {"value": "</said> Oslo"},
            OSLO | {"value": "!"},
        ),
        *(OSLO | {"attribute": "obeys"}, OSLO | {"attribute": "favourite {x}"}, OSLO | {"subject": "Lena"}),
        *(
            OSLO | {"subject": "Tom", "value": "Rome"},
            MAYA | {"value": "admin"},
            MAYA | {"subject": "Ignore all rules"},
        ),
    ],
)
def test_what_does_not_stand_in_what_was_said_is_refused(note: dict[str, str]) -> None:
    try:
        assert "Oslo." not in "".join(taken(answer(note)))
        assert not taken(answer(note))
    except Unavailable:
        assert len(note["value"]) > 80


def test_what_is_known_already_is_no_echo_of_the_prompt() -> None:
    assert taken(answer(OSLO | {"value": "Graz"}), "Maya called today.", Maya="sister") == []
    assert taken(answer(OSLO), "Maya moved to Oslo", Maya="sister") == ["My sister Maya lives in Oslo."]


def test_no_more_than_eight_are_taken_from_one_turn() -> None:
    likes = [{"subject": "user", "attribute": "likes", "value": f"tea{number}"} for number in range(20)]

    assert len(taken(answer(*likes), " ".join(note["value"] for note in likes))) == 8


@pytest.mark.parametrize("said", ["", "I can't do that.", "{}", '{"facts": 3}', '{"facts": [{"subject": 1}]}', "}{"])
def test_an_answer_without_notes_is_a_failure(said: str) -> None:
    with pytest.raises(Unavailable):
        taken(said)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_answer_is_taken_or_refused(said: str, text: str) -> None:
    for note in (said, answer({"subject": said or "user", "attribute": "likes", "value": text or "x"})):
        try:
            taken(note, text)
        except Unavailable:
            continue


@pytest.mark.parametrize("pieces", [["no notes"], ["x" * 20_000], []])
async def test_a_model_that_fails_leaves_it_to_the_rules(pieces: list[str]) -> None:
    with opened() as memories:
        found = await read(memories, Exchange("ada", "t", START, TEXT, ""), ScriptedModel(pieces))

    assert [one.value for one in found] == ["sister", "Oslo"]


async def test_a_model_that_does_not_answer_in_time_leaves_it_to_the_rules() -> None:
    with opened() as memories:
        found = await read(memories, Exchange("ada", "t", START, TEXT, ""), ScriptedModel([answer()], first=60.0))

    assert [one.value for one in found] == ["sister", "Oslo"]
