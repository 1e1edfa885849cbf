"""What each family of models is asked: the table, and the requests that are made by it."""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from runtime.adapters.aws.bedrock import families
from runtime.adapters.aws.bedrock.request import request
from runtime.conversation import Exchange, Prompt

HAIKU, OLDER, NOVA = (
    "us.anthropic.claude-haiku-5-5",
    "anthropic.claude-haiku-4-5-20251001-v1:0",
    "amazon.nova-micro-v1:0",
)
ARN = "arn:aws:bedrock:us-east-1:111122223333"
HELLO = Prompt("be kind", (), (), "Hello?", 1_763_733_900.0)


def asked(model: str, prompt: Prompt = HELLO) -> Any:  # noqa: ANN401 - read as the wire has it.
    return request(model, prompt)


def roles(model: str, prompt: Prompt) -> list[str]:
    return [message["role"] for message in asked(model, prompt)["messages"]]


@pytest.mark.parametrize(
    "model",
    [
        "anthropic.claude-haiku-5-5",
        "us.anthropic.claude-haiku-5-5",
        "global.anthropic.claude-haiku-5-5",
        "us-gov.anthropic.claude-haiku-5-5",
        f"{ARN}:inference-profile/eu.anthropic.claude-haiku-5-5",
        "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-haiku-5-5",
    ],
)
def test_a_profile_is_of_the_family_of_its_model(model: str) -> None:
    assert families.of(model) == families.of("anthropic.claude-haiku-5-5")
    assert families.of(model).caches == 512


@pytest.mark.parametrize("model", ["sea.swallow-1", "", f"{ARN}:application-inference-profile/ab12cd34"])
def test_of_a_model_that_nobody_knows_nothing_is_expected_but_a_chat(model: str) -> None:
    assert asked(model) == {
        "modelId": model,
        "inferenceConfig": {"maxTokens": 600},
        "system": [{"text": "be kind"}, {"text": "Today is Friday, 21 November 2025 (UTC)."}],
        "messages": [{"role": "user", "content": [{"text": "Hello?"}]}],
    }


def test_every_line_of_the_table_is_a_family() -> None:
    table = tomllib.loads(resources.files("runtime.adapters.aws.bedrock").joinpath("families.toml").read_text())

    assert all(isinstance(families.of(name).caches, int) for name in table)
    assert {name for name in table if families.of(name).thoughts and families.of(name).continues} == set()


def test_a_newer_model_of_a_family_is_taken_for_one_that_thinks() -> None:
    assert families.of("us.anthropic.claude-nimbus-6").thoughts == 2000
    assert asked("us.anthropic.claude-nimbus-6")["inferenceConfig"] == {"maxTokens": 2600}


def test_no_model_is_told_how_to_sample() -> None:
    for model in (HAIKU, OLDER, NOVA):
        assert list(asked(model)["inferenceConfig"]) == ["maxTokens"]


def test_a_model_that_can_be_told_not_to_think_is() -> None:
    assert asked(HAIKU)["additionalModelRequestFields"] == {"thinking": {"type": "disabled"}}
    assert asked(HAIKU)["outputConfig"] == {"effort": "low"}


@pytest.mark.parametrize(
    ("model", "words", "point"), [(NOVA, 400, []), (NOVA, 800, ["cachePoint"]), (HAIKU, 400, ["cachePoint"])]
)
def test_the_instructions_are_cached_where_they_are_long_enough_for_the_family(
    model: str, words: int, point: list[str]
) -> None:
    system = asked(model, replace(HELLO, persona="be kind " * words))["system"]

    assert [name for block in system for name in block] == ["text", *point, "text"]


def test_a_model_without_instructions_reads_them_before_the_first_thing_said() -> None:
    request = asked("mistral.mistral-7b-instruct-v0:2")

    assert "system" not in request
    assert request["messages"][0]["content"][0]["text"].startswith("be kind\n\nToday is ")
    assert request["messages"][0]["content"][0]["text"].endswith("\n\nHello?")


def test_a_companion_without_instructions_is_given_none() -> None:
    assert [list(block) for block in asked(HAIKU, replace(HELLO, persona=""))["system"]] == [["text"]]


@given(st.lists(st.sampled_from(["", " ", "Hello"]), min_size=4, max_size=4), st.sampled_from(["", "I am"]))
def test_a_person_speaks_first_both_take_turns_and_nobody_says_nothing(words: list[str], answered: str) -> None:
    text, reply, other, spoken = words
    recent = (Exchange("ada", "t", 0.0, text, reply), Exchange("ada", "u", 1.0, other, "Good."))
    prompt = replace(HELLO, recent=recent, asked=spoken, answered=answered)

    for model in (HAIKU, NOVA):
        said = roles(model, prompt)
        assert all(role == ("user", "assistant")[at % 2] for at, role in enumerate(said))
        assert said[-1] == ("assistant" if answered and model == NOVA else "user")
        assert all(each["content"][0]["text"].strip() for each in asked(model, prompt)["messages"])


@pytest.mark.parametrize(
    ("model", "ending"), [(OLDER, ["assistant"]), (NOVA, ["assistant"]), (HAIKU, ["assistant", "user"])]
)
def test_an_answer_is_continued_by_the_model_or_else_it_is_asked_to(model: str, ending: list[str]) -> None:
    begun = replace(HELLO, answered="I am well. ")

    assert roles(model, begun) == ["user", *ending]
    assert asked(model, begun)["messages"][1]["content"][0]["text"].startswith("I am well.")


def test_words_to_be_continued_end_without_a_space() -> None:
    assert asked(OLDER, replace(HELLO, answered="I am well. "))["messages"][-1]["content"] == [{"text": "I am well."}]


def test_a_shape_is_asked_for_where_the_family_can_be_held_to_it() -> None:
    shaped = replace(HELLO, schema='{"type": "object"}')

    structure = {"jsonSchema": {"name": "answer", "schema": '{"type": "object"}'}}
    assert asked(OLDER, shaped)["outputConfig"]["textFormat"] == {"type": "json_schema", "structure": structure}
    assert "outputConfig" not in asked(NOVA, shaped)
