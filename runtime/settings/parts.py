"""What roles in the cloud are made of: each part says what one thing needs, and refuses what cannot work."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, dataclass, fields
from typing import dataclass_transform

from runtime.settings.reading import is_address, is_needed, need, variable

_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
_ENGINES, _DIALECTS = ("faiss", "lucene"), ("openai", "tgi")
_ASKED = {"bedrock": "model_id", "sagemaker": "inference_endpoint"}


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Part:
    """What roles are made of; each part refuses what cannot work of its own, and lets the next one look.

    Parts and roles are dataclasses by their fields alone: methods written for each of them would be compiled as every
    process begins, for all roles in each.
    """

    def __init_subclass__(cls) -> None:
        dataclass(init=False, repr=False, eq=False)(cls)

    def __init__(self, **given: object) -> None:
        known = {one.name: is_needed(one) for one in fields(self)}  # type: ignore[arg-type]  # Each part is one.
        wrong = {name for name, needed in known.items() if needed and name not in given} | given.keys() - known.keys()
        if wrong:
            raise TypeError(f"{type(self).__name__} takes {', '.join(known)}: look at {', '.join(sorted(wrong))}")
        vars(self).update(given)
        self.__post_init__()

    def __setattr__(self, name: str, value: object) -> None:
        raise FrozenInstanceError(f"{type(self).__name__}.{name} stays as it is")

    def __post_init__(self) -> None:
        """Refuse what cannot work."""


class Telling(Part):
    """How a process tells what it does: *tracing* tells each turn to X-Ray's daemon beside it."""

    log_level: str = "INFO"
    tracing: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        super().__post_init__()
        need(self.log_level in _LEVELS, "LOG_LEVEL", self.log_level, f"one of {', '.join(_LEVELS)}", "LOG_LEVEL=INFO")


class Tokens(Part):
    """Whose tokens are taken: those of *issuer* with a key at *jwks_url* that were given to one of *clients*."""

    issuer: str
    jwks_url: str
    clients: tuple[str, ...]


class Sockets(Part):
    """The table of open connections."""

    connections_table: str


class Rows(Part):
    """The tables of users' rows with their turns, and of who was erased.

    *pseudonym_secret* is the ARN of the secret that the erased are named by (none: a plain hash).
    """

    turns_table: str
    erased_table: str
    pseudonym_secret: str = ""


class Backups(Part):
    """How many days backups of the tables are kept, which whoever is erased is told."""

    backup_days: int = 35


class Hot(Part):
    """The table of recent exchanges."""

    memory_table: str


class Search(Part):
    """The index of long-term memories; *search_engine* is what finds vectors there: `faiss` or `lucene`."""

    search_endpoint: str
    search_index: str = "companion-memories"
    search_engine: str = "faiss"

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        super().__post_init__()
        why, instead = "it must be an address", "SEARCH_ENDPOINT=https://search-x.us-east-1.es.amazonaws.com"
        need(is_address(self.search_endpoint), "SEARCH_ENDPOINT", self.search_endpoint, why, instead)
        why, instead = "an index finds vectors by faiss or lucene", "SEARCH_ENGINE=faiss"
        need(self.search_engine in _ENGINES, "SEARCH_ENGINE", self.search_engine, why, instead)


class Meaning(Part):
    """The model whose vectors memories are found by."""

    embeddings_model: str = "amazon.titan-embed-text-v2:0"


class TurnQueue(Part):
    """The FIFO queue of turns to be answered."""

    turn_queue_url: str


class BackgroundQueue(Part):
    """The FIFO queue of what is done when nobody waits."""

    background_queue_url: str


class Safety(Part):
    """The guardrail, at the version that the policy's hash names."""

    guardrail_id: str
    guardrail_version: str


class Judging(Safety):
    """Judges by the guardrail: *moderation_requests* passages at once, below what the services' quotas allow."""

    moderation_requests: int = 8

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        super().__post_init__()
        why, instead = "nothing would ever be judged", "MODERATION_REQUESTS=8"
        need(self.moderation_requests > 0, "MODERATION_REQUESTS", self.moderation_requests, why, instead)


class Answers(Part):
    """What answers: *inference* is `bedrock` (then *model_id* is a model or an inference profile) or `sagemaker`.

    *inference_endpoint* is the name of the SageMaker endpoint, *inference_dialect* how it is spoken to: `openai` or
    `tgi`. *fallback_model_id*: a Bedrock model that is asked when the first one does not answer.
    """

    inference: str = "bedrock"
    model_id: str = ""
    inference_endpoint: str = ""
    inference_dialect: str = "openai"
    fallback_model_id: str = ""

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        super().__post_init__()
        wanted = _ASKED.get(self.inference, "")
        need(bool(wanted), "INFERENCE", self.inference, f"one of {', '.join(_ASKED)}", "INFERENCE=bedrock")
        need(bool(getattr(self, wanted)), variable(wanted), "", f"{self.inference} asks it", f"set {variable(wanted)}")
        why, instead = f"one of {', '.join(_DIALECTS)}", "INFERENCE_DIALECT=openai"
        need(self.inference_dialect in _DIALECTS, "INFERENCE_DIALECT", self.inference_dialect, why, instead)


class Speaking(Part):
    """The voice: Polly's *voice_id* and *voice_engine*, a pronunciation *voice_lexicon*, *voice_requests* at once."""

    voice_id: str = "Joanna"
    voice_engine: str = "neural"
    voice_lexicon: str = ""
    voice_requests: int = 8

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        super().__post_init__()
        why, instead = "nothing would ever be said", "VOICE_REQUESTS=8"
        need(self.voice_requests > 0, "VOICE_REQUESTS", self.voice_requests, why, instead)


class Listening(Part):
    """The languages that are understood, as Transcribe names them."""

    languages: tuple[str, ...] = ("en-US",)
