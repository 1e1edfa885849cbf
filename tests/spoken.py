"""Sentences that are said to the companion, the voices that say them, and how many of their words were misheard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runtime.adapters.local.voice.synthesiser import voice
from runtime.conversation import Pcm
from tests import voices

SENTENCES = (
    "My sister moved to Boston.",
    "I had a long day at work.",
    "What should I cook tonight?",
    "Please call my mother tomorrow.",
    "The weather is beautiful.",
    "Do you remember my dog?",
    "I am learning to play the piano.",
    "We are going to the mountains.",
    "Tell me a story about the sea.",
    "My brother is getting married.",
    "She is leaving the company.",
    "It has been raining since yesterday.",
    "We should talk about something else.",
    "He sold the old car.",
    "Can you help me with my homework?",
    "There are three books on the table.",
    "I was born in a small town.",
    "My favorite season is autumn.",
    "Good night, I will talk to you tomorrow.",
    "Thank you, that was very kind.",
)


async def said(sentences: Sequence[str], engine: str) -> list[bytes]:
    """Return the sound of *sentences* as *engine* says them, 16 kHz; without it the test is skipped, not so in CI."""
    sounds = []
    async with voice(voices.required(engine), 1) as synthesiser:
        for sentence in sentences:
            pieces = [piece.data async for piece in synthesiser.speak(sentence) if isinstance(piece, Pcm)]
            sounds.append(b"".join(pieces))
    return sounds


def misheard(said: str, heard: str) -> tuple[int, int]:
    """Return how many words of *said* have to be changed, left out or added for *heard*, and how many words it has."""
    wanted, got = _words(said), _words(heard)
    changes = list(range(len(got) + 1))
    for place, word in enumerate(wanted, 1):
        before, changes = changes, [place]
        for other, one in enumerate(got):
            changes.append(min(before[other] + (one != word), before[other + 1] + 1, changes[other] + 1))
    return changes[-1], len(wanted)


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())
