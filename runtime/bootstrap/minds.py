"""What answers, judges, speaks and listens in the cloud, each with its deadlines and its share of a quota around it."""

from __future__ import annotations

from typing import Literal, cast

from runtime.adapters.aws.bedrock import BedrockModel, TitanEmbeddings
from runtime.adapters.aws.clients import Limits
from runtime.adapters.aws.guardrail import Comprehend, GuardrailModerator
from runtime.bootstrap.opening import Cloud
from runtime.policy import Policy
from runtime.ports import Embedder, Model, Moderator, Recogniser, Synthesiser
from runtime.resilience import (
    FallbackModel,
    LimitedModerator,
    Patience,
    SteadyModel,
    SteadyModerator,
    SteadySynthesiser,
)
from runtime.settings import cloud as told

_THINKING = Limits(read=10.0)  # Longer than a model may take to its first word.
_ONE_OF_TWO = Patience(model_tries=1, model_first=4.0)


async def moderator(cloud: Cloud, settings: told.Judging, policy: Policy) -> Moderator:
    """Open the guardrail, and Comprehend beside it."""
    second = Comprehend(await cloud.clients.open("comprehend"), policy)
    asked = await cloud.clients.open("bedrock-runtime")
    judge = GuardrailModerator(asked, settings.guardrail_id, settings.guardrail_version, second=second, policy=policy)
    return LimitedModerator(SteadyModerator(judge, Patience()), settings.moderation_requests, cloud.dice)


async def model(cloud: Cloud, settings: told.Answers) -> Model:
    """Open the model that answers, and the one in whose place another answers."""
    if not settings.fallback_model_id:
        return SteadyModel(await _first(cloud, settings), Patience(), cloud.dice)
    other = BedrockModel(await cloud.clients.open("bedrock-runtime", _THINKING), settings.fallback_model_id)
    first = SteadyModel(await _first(cloud, settings), _ONE_OF_TWO, cloud.dice)
    return FallbackModel(first, SteadyModel(other, Patience(), cloud.dice), cloud.metrics)


async def embedder(cloud: Cloud, settings: told.Meaning) -> Embedder:
    """Open what makes vectors of sentences."""
    return TitanEmbeddings(await cloud.clients.open("bedrock-runtime"), settings.embeddings_model)


async def synthesiser(cloud: Cloud, settings: told.Speaking) -> Synthesiser:
    """Open the voice."""
    from runtime.adapters.aws.polly import PollySynthesiser

    voice = PollySynthesiser(
        await cloud.clients.open("polly"),
        voice=settings.voice_id,
        engine=settings.voice_engine,
        lexicon=settings.voice_lexicon,
        at_once=settings.voice_requests,
    )
    return SteadySynthesiser(voice, Patience())


async def recogniser(cloud: Cloud, settings: told.Listening) -> Recogniser:
    """Open what invites microphones."""
    from runtime.adapters.aws.transcribe import TranscribeRecogniser

    credentials = await cloud.clients.credentials()
    return TranscribeRecogniser(credentials.get_frozen_credentials, cloud.region, settings.languages, cloud.clock)


async def _first(cloud: Cloud, settings: told.Answers) -> Model:
    if settings.inference == "bedrock":
        return BedrockModel(await cloud.clients.open("bedrock-runtime", _THINKING), settings.model_id)
    from runtime.adapters.aws.sagemaker import SageMakerModel

    client = await cloud.clients.open("sagemaker-runtime", _THINKING)
    dialect = cast("Literal['openai', 'tgi']", settings.inference_dialect)
    return SageMakerModel(client, settings.inference_endpoint, dialect)
