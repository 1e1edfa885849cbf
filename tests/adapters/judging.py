"""How the tests of the cloud's moderator open it, and a guardrail that knows what the laptop's lexicon knows."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from msgspec.structs import replace

from runtime import policy
from runtime.adapters.aws import guardrail
from runtime.adapters.local.moderator import LexiconModerator
from runtime.conversation import Passage, Verdict
from tests.adapters.on_aws import clients
from tests.parts.wire import Call, Guardrail, Wire, rules
from tests.parts.wire.reply import Reply
from tests.parts.wire.rules import Rule


@asynccontextmanager
async def judging(wire: Wire) -> AsyncIterator[guardrail.GuardrailModerator]:
    """Open a moderator on *wire*."""
    document = policy.load()
    async with clients(wire) as opened:
        second = guardrail.Comprehend(await opened.open("comprehend"), document)
        bedrock = await opened.open("bedrock-runtime")
        yield guardrail.GuardrailModerator(bedrock, "gr0000000001", "1", second=second, policy=document)


class Lexicon(Guardrail):
    """A guardrail made from the policy: topics, filters and personal data, and nothing of crises."""

    def __init__(self) -> None:
        super().__init__()
        document = policy.load()
        nothing = replace(document.crisis, phrases=("zzyzx",), exceptions=())
        self._lexicon = LexiconModerator(replace(document, crisis=nothing))
        self._topics = {topic.name for topic in document.topics}

    async def _apply(self, call: Call) -> Reply:
        text = call.arguments["content"][0]["text"]["text"]
        verdict = await self._lexicon.judge(Passage(text, "input" if call.arguments["source"] == "INPUT" else "output"))
        self.rules = [*self._refusing(verdict), *_personal(text)]
        return await super()._apply(call)

    def _refusing(self, verdict: Verdict) -> list[Rule]:
        if verdict.reason in self._topics:
            return [rules.topic(verdict.reason, ".")]
        return [rules.content(verdict.reason, ".")] if verdict.reason in policy.load().filters else []


def _personal(text: str) -> list[Rule]:
    return [
        rules.pii(entity, re.escape(text[start:end]), block=entity != "EMAIL")
        for start, end, entity in policy.find(text)
    ]
