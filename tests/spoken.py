"""Sentences that are said to the companion, the voices that say them, and how many of their words were misheard."""

from __future__ import annotations

import re
from collections.abc import Sequence

from runtime.adapters.local.voice.synthesiser import voice
from runtime.conversation import Pcm
from tests import voices

SENTENCES = (
    "My sister moved to Boston last summer.",
    "I had a long day at work and I am tired.",
    "What should I cook for dinner tonight?",
    "Please remind me to call my mother tomorrow.",
    "The weather is beautiful this morning.",
    "Do you remember the name of my dog?",
    "I am learning to play the piano.",
    "We are going on a trip to the mountains next week.",
    "I would like to hear a story about the sea.",
    "My brother is getting married in September.",
    "Tell me something that I do not know.",
    "She told me that she is leaving the company.",
    "It has been raining since yesterday afternoon.",
    "I think that we should talk about something else.",
    "He bought a new car and sold the old one.",
    "Can you help me with my homework?",
    "There are three books on the table.",
    "I was born in a small town near the river.",
    "My favorite season of the year is autumn.",
    "Good night, I will talk to you tomorrow.",
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
