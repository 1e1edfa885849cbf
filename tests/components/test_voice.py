"""The voice: nothing is made, and what may be called is named where AWS lets it."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.voice import Voice
from tests.components import given
from tests.components.engine import Engine
from tests.components.given import statements


def granted(engine: Engine, **changed: Any) -> Engine:  # noqa: ANN401 - a setting's value
    """Let one role speak and another listen."""

    def build() -> None:
        voice = Voice("companion", given.platform(), given.dev(**changed).voice)
        voice.grant_speak(aws.iam.Role("worker", assume_role_policy="{}"))
        voice.grant_listen(aws.iam.Role("actions", assume_role_policy="{}"))

    engine.run(build)
    return engine


def test_a_worker_may_have_text_spoken_and_no_more(engine: Engine) -> None:
    (statement,) = statements(granted(engine).named("worker-speech").inputs["policy"])

    assert (statement["Action"], statement["Resource"]) == (["polly:SynthesizeSpeech"], ["*"])


def test_a_lexicon_is_named_where_there_is_one(engine: Engine) -> None:
    (statement,) = statements(granted(engine, voiceLexicon="names").named("worker-speech").inputs["policy"])

    assert statement["Resource"] == ["arn:aws:polly:us-east-1:123456789012:lexicon/names"]


def test_who_answers_listen_may_sign_addresses_at_which_a_page_is_heard(engine: Engine) -> None:
    (statement,) = statements(granted(engine).named("actions-hearing").inputs["policy"])

    assert statement["Action"] == ["transcribe:StartStreamTranscriptionWebSocket"]


def test_roles_are_told_the_voice_as_text(engine: Engine) -> None:
    def build() -> pulumi.Output[str]:
        return Voice("companion", given.platform(), given.dev(languages=["en-US", "de-DE"]).voice).languages

    assert engine.value(build) == "en-US,de-DE"
