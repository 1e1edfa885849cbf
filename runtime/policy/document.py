"""What stands in the policy's file: frozen, checked once, and the same object for everybody who asks."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal

from msgspec import Struct

from runtime.policy.shape import shaped, wrong

Strength = Literal["NONE", "LOW", "MEDIUM", "HIGH"]
Category = Literal["SEXUAL", "VIOLENCE", "HATE", "INSULTS", "MISCONDUCT", "PROMPT_ATTACK"]

# What the guardrail's service accepts.
_NAME, _DEFINITION, _EXAMPLE, _EXAMPLES, _MESSAGE = 100, 200, 100, 5, 500
# What `patterns` does, in both homes, whatever the file says.
_DONE_IN_PROCESS = {"EMAIL": "ANONYMIZE", "CREDIT_DEBIT_CARD_NUMBER": "BLOCK"}


class Filter(Struct, frozen=True):
    """How strictly a category is filtered in what a person says and in what the companion says."""

    input: Strength
    output: Strength


class Messages(Struct, frozen=True):
    """What is said instead of an answer: to blocked *input*, and in place of blocked *output*."""

    input: str
    output: str


class Topic(Struct, frozen=True):
    """A topic that is refused: as the guardrail's classifier reads it, and as phrases for the laptop."""

    name: str
    definition: str
    examples: tuple[str, ...]
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...] = ()


class Crisis(Struct, frozen=True):
    """The language of somebody in danger, the fixed reply to it, and the notice that goes with the reply."""

    reply: str
    notice: str
    phrases: tuple[str, ...]
    exceptions: tuple[str, ...] = ()


class Disclosure(Struct, frozen=True):
    """What is told on the first turn of a day and after each *every_hours* of use."""

    text: str
    every_hours: int


class Break(Struct, frozen=True):
    """What minors are told after each *every_hours* of use."""

    text: str
    every_hours: int


class Retention(Struct, frozen=True):
    """How long each kind of thing is kept; 0 days: until it is forgotten or erased."""

    turn_text_hours: int
    turn_id_days: int
    recent_days: int
    said_days: int
    fact_days: int
    plan_days: int


class Policy(Struct, frozen=True):
    """The whole policy; *hash* is that of the file's content, whatever its order, spacing and comments."""

    filters: dict[Category, Filter]
    pii: dict[str, Literal["ANONYMIZE", "BLOCK"]]
    messages: Messages
    topics: tuple[Topic, ...]
    crisis: Crisis
    disclosure: Disclosure
    break_: Break
    retention: Retention
    hash: str = ""

    def refusal(self, *, output: bool) -> str:
        """Return what is said in place of blocked output, or to blocked input."""
        return self.messages.output if output else self.messages.input

    def is_refusal(self, text: str) -> bool:
        """Say whether the chunk *text* is the policy's and not the companion's, whatever space joins it to others."""
        return text.removeprefix(" ") in {self.messages.input, self.messages.output, self.crisis.reply}

    def notice(self, kind: str) -> str:
        """Return the text of the notice *kind*: disclosure, break or crisis."""
        return {"disclosure": self.disclosure.text, "break": self.break_.text, "crisis": self.crisis.notice}[kind]


@cache
def load() -> Policy:
    """Return the policy of this build; raise `Misconfigured` where its file can't work."""
    return read((files(__package__) / "policy.toml").read_text(encoding="utf-8"))


def read(text: str) -> Policy:
    """Return the policy written in *text*; raise `Misconfigured` where that can't work."""
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise wrong("the file", str(error), "it is not TOML", "mend that line") from error
    content = json.dumps(document, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    policy = shaped(Policy, document | {"hash": sha256(content.encode()).hexdigest()}, "the file")
    _check_filters(policy)
    _check_messages(policy)
    for topic in policy.topics:
        _check_topic(topic)
    return policy


def _check_filters(policy: Policy) -> None:
    if (attack := policy.filters.get("PROMPT_ATTACK")) and attack.output != "NONE":
        raise wrong("filters.PROMPT_ATTACK.output", attack.output, "the service refuses it", 'write "NONE"')
    if policy.pii != _DONE_IN_PROCESS:
        raise wrong("pii", policy.pii, "patterns.py does something else", "change patterns.py with it")


def _check_messages(policy: Policy) -> None:
    for name, text in (("input", policy.messages.input), ("output", policy.messages.output)):
        if not 0 < len(text) <= _MESSAGE:
            raise wrong(f"messages.{name}", text, f"the service takes 1 to {_MESSAGE} characters", "shorten it")


def _check_topic(topic: Topic) -> None:
    where = f"topics.{topic.name}"
    if len(topic.name) > _NAME or len(topic.definition) > _DEFINITION:
        raise wrong(where, topic.definition, f"the service takes {_DEFINITION} characters of definition", "shorten it")
    if len(topic.examples) > _EXAMPLES or any(len(example) > _EXAMPLE for example in topic.examples):
        raise wrong(where, topic.examples, f"the service takes {_EXAMPLES} of {_EXAMPLE} characters", "take fewer")
    if not topic.phrases:
        raise wrong(where, topic.phrases, "the laptop would not enforce it", "add phrases")
