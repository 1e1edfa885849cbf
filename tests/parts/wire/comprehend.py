"""Comprehend's DetectToxicContent and DetectPiiEntities, by patterns that a test writes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Handler, Reply, output

_LABELS = ("PROFANITY", "HATE_SPEECH", "INSULT", "GRAPHIC", "HARASSMENT_OR_ABUSE", "SEXUAL", "VIOLENCE_OR_THREAT")
_HARMLESS = 0.02
_SEGMENTS = 10
_SEGMENT_BYTES = 1 << 10
_TEXT_BYTES = 100 << 10


class Comprehend:
    """*toxic* has scores by label for each pattern, *pii* the type for each; what matches none is harmless.

    Toxicity is told of English alone, personal data of English and Spanish, within the service's limits.
    """

    def __init__(
        self, toxic: Mapping[str, Mapping[str, float]] | None = None, pii: Mapping[str, str] | None = None
    ) -> None:
        self.toxic = toxic or {}
        self.pii = pii or {}

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("comprehend", "DetectToxicContent"): self._toxic, ("comprehend", "DetectPiiEntities"): self._pii}

    async def _toxic(self, call: Call) -> Reply:
        _check_language(call, "en")
        segments = [segment["Text"] for segment in call.arguments["TextSegments"]]
        if len(segments) > _SEGMENTS:
            raise Refusal("InvalidRequestException", f"The number of text segments is above {_SEGMENTS}.")
        for segment in segments:
            _check_size(segment, _SEGMENT_BYTES)
        return output(call, {"ResultList": [self._scored(segment) for segment in segments]})

    def _scored(self, text: str) -> dict[str, Any]:
        scores = dict.fromkeys(_LABELS, _HARMLESS)
        for pattern, told in self.toxic.items():
            if re.search(pattern, text, re.IGNORECASE):
                scores |= told
        labels = [{"Name": name, "Score": score} for name, score in scores.items()]
        return {"Labels": labels, "Toxicity": max(scores.values())}

    async def _pii(self, call: Call) -> Reply:
        _check_language(call, "en", "es")
        text = call.arguments["Text"]
        _check_size(text, _TEXT_BYTES)
        found = [(match, kind) for pattern, kind in self.pii.items() for match in re.finditer(pattern, text)]
        return output(call, {"Entities": [_entity(match, kind) for match, kind in found]})


def _entity(match: re.Match[str], kind: str) -> dict[str, Any]:
    return {"Type": kind, "Score": 0.99, "BeginOffset": match.start(), "EndOffset": match.end()}


def _check_language(call: Call, *spoken: str) -> None:
    if (language := call.arguments["LanguageCode"]) not in spoken:
        raise Refusal("UnsupportedLanguageException", f"{language} is not supported, only {', '.join(spoken)}.")


def _check_size(text: str, limit: int) -> None:
    if len(text.encode()) > limit:
        raise Refusal("TextSizeLimitExceededException", f"Input text size exceeds limit of {limit} bytes.")
