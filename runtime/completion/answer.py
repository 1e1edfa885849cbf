"""What may be shown of one answer: nothing thought, nothing repeated, nothing beyond its limit, and never no word."""

from __future__ import annotations

from runtime import prompt as prompts
from runtime.completion.utterance import Utterance
from runtime.conversation import Prompt, Usage
from runtime.errors import NotOffered, Unavailable

_CHARACTERS_A_TOKEN = 16


class Answer:
    """Takes the raw pieces of one answer to *prompt* and gives back what is shown of them.

    *begun* is what the same property of the last answer of this model said.
    """

    def __init__(self, prompt: Prompt, *, begun: bool = False) -> None:
        self._prompt = prompt
        self._utterance = Utterance(prompt.answered, begun=begun)
        self._text: list[str] = []
        self._left = prompt.limit * _CHARACTERS_A_TOKEN

    @property
    def begun(self) -> bool:
        """Whether this model's answers begin with thoughts that nothing opens, as far as one knows by now."""
        return self._utterance.begun

    @property
    def full(self) -> bool:
        """Whether it is longer than any answer within its limit: what more comes is not shown."""
        return self._left < 0

    def feed(self, piece: str) -> str:
        """Return what *piece* adds to what is shown; it may be nothing yet."""
        return self._shown(self._utterance.feed(piece))

    def end(self, *, cut: bool) -> str:
        """Return what was held back; *cut* says that the model stopped at the limit of tokens.

        An answer without a word fails, unless all of it had been given before.
        """
        text = self._shown(self._utterance.end(cut=cut))
        if self._text or self._prompt.answered:
            return text
        if cut:
            raise NotOffered(
                "The language model spent its whole answer on thinking; choose a model that doesn't, or turn that off "
                "on its server."
            )
        raise Unavailable("the model's server sent an answer without a word")

    def estimated(self) -> Usage:
        """Return about what it cost, where no server counted."""
        return prompts.estimated(self._prompt, "".join(self._text))

    def _shown(self, text: str) -> str:
        room = max(self._left, 0)
        self._left -= len(text)
        text = text[:room]
        if text:
            self._text.append(text)
        return text
