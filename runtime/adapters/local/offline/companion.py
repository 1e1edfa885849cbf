"""The adapter: makes the whole answer at once and says it piece by piece."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator

from runtime import prompt as prompts
from runtime.adapters.local.offline.reply import reply_to
from runtime.conversation import Prompt, Usage, tokens

_PIECE = re.compile(r"\s*\S+")
_SENTENCE = re.compile(r".+?[.!?…][”\"')]*(?=\s|$)\s*|.+$", re.DOTALL)


class OfflineCompanion:
    """The default model: *pace* seconds before every word."""

    def __init__(self, pace: float = 0.02) -> None:
        """Speak at *pace*."""
        self._pace = pace

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | Usage, None]:
        """Say the answer word by word."""
        said = ""
        for piece in _PIECE.findall(_after(within(reply_to(prompt), prompt.limit), prompt.answered)):
            if self._pace:
                await asyncio.sleep(self._pace)
            said += piece
            yield piece
        yield prompts.estimated(prompt, said)


def within(text: str, limit: int) -> str:
    """Return the whole sentences of *text* that fit *limit* tokens, at least the first."""
    kept = ""
    for sentence in _SENTENCE.findall(text):
        if kept and tokens(kept + sentence) > limit:
            break
        kept += sentence
    return kept.rstrip()


def _after(text: str, answered: str) -> str:
    """Return what *text* says after *answered*, or after as many sentences, if memory has changed in between."""
    if not answered:
        return text
    left = prompts.rest(text, answered)
    if left is None:
        left = "".join(_SENTENCE.findall(text)[len(_SENTENCE.findall(answered.strip())) :])
    if not left.strip():
        return ""
    return left.lstrip() if answered[-1].isspace() else f" {left.lstrip()}"
