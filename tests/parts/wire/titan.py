"""Bedrock's InvokeModel for Titan's text embeddings: texts with words in common are near each other."""

from __future__ import annotations

import json
import math
import random
from collections.abc import Mapping, Sequence
from functools import cache

from tests.parts.wire.call import Call
from tests.parts.wire.refusal import Refusal
from tests.parts.wire.reply import Handler, Reply, output

_MODEL = "amazon.titan-embed-text-v2:0"
_DIMENSIONS = (256, 512, 1024)
_LONGEST = 50_000


class Titan:
    """Titan's text embeddings; texts beyond 50,000 characters and odd dimensions are refused."""

    def handlers(self) -> Mapping[tuple[str, str], Handler]:
        return {("bedrock-runtime", "InvokeModel"): self._invoke}

    async def _invoke(self, call: Call) -> Reply:
        if call.arguments["modelId"] != _MODEL:
            raise Refusal("ResourceNotFoundException", "Could not resolve the foundation model.")
        asked = json.loads(call.body)
        text, dimensions = asked["inputText"], asked.get("dimensions", 1024)
        if not text or len(text) > _LONGEST or dimensions not in _DIMENSIONS:
            raise Refusal("ValidationException", "Malformed input request, please reformat your input and try again.")
        vector = _vector(text, dimensions, normal=asked.get("normalize", True))
        tokens = len(text) // 4 + 1
        said = {"embedding": vector, "embeddingsByType": {"float": vector}, "inputTextTokenCount": tokens}
        return output(call, {"body": json.dumps(said).encode(), "contentType": "application/json"})


def _vector(text: str, dimensions: int, *, normal: bool) -> list[float]:
    words = [_of_a_word(word, dimensions) for word in text.lower().split()] or [_of_a_word(text, dimensions)]
    total = [math.fsum(numbers) for numbers in zip(*words, strict=True)]
    length = math.hypot(*total) if normal else 1.0
    return [number / length for number in total]


@cache
def _of_a_word(word: str, dimensions: int) -> Sequence[float]:
    chance = random.Random(word)
    return [chance.gauss(0, 1) for _ in range(dimensions)]
