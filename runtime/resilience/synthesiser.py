"""Voices: audio in time, or the text alone."""

from __future__ import annotations

from collections.abc import AsyncGenerator

from runtime.conversation import Marks, Pcm
from runtime.ports import Synthesiser
from runtime.resilience.patience import Patience, paced


class SteadySynthesiser:
    """A synthesiser with a deadline between pieces."""

    def __init__(self, synthesiser: Synthesiser, patience: Patience) -> None:
        """Wrap *synthesiser*."""
        self._synthesiser, self._patience = synthesiser, patience

    def speak(self, text: str) -> AsyncGenerator[Pcm | Marks, None]:
        """Speak as the synthesiser does."""
        limit = self._patience.synthesis
        return paced(self._synthesiser.speak(text), first=limit, between=limit, what="the synthesiser")
