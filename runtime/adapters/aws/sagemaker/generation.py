"""What Text Generation Inference and its likes speak of their own: one text in, its continuation out.

Nothing there knows of roles, so the conversation is written out as a script, and the model stops where the person's
next line would begin. An answer that was begun simply goes on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from runtime import prompt as prompts
from runtime.completion import Answer, Events
from runtime.conversation import Prompt, Usage
from runtime.errors import Unavailable

_ROLES: Final = {"user": "User: ", "assistant": "Companion: "}
_STOP: Final = "\nUser:"


@dataclass(frozen=True, slots=True)
class Script:
    """The request: the one way in which it is made."""

    def request(self, prompt: Prompt) -> bytes:
        """Return the body that asks for the continuation of *prompt*, streamed."""
        parameters = {"max_new_tokens": prompt.limit, "stop": [_STOP], "return_full_text": False, "details": True}
        return msgspec.json.encode({"inputs": _script(prompt), "parameters": parameters, "stream": True})

    def simpler(self, refusal: bytes, *, shaped: bool) -> None:
        """Return nothing: there is no other way."""


def _script(prompt: Prompt) -> str:
    chat = prompts.messages(prompt)
    lines = [_ROLES.get(each["role"], "") + each["content"] for each in chat]
    if not prompt.answered:
        return "\n\n".join((*lines, _ROLES["assistant"].rstrip()))
    *said, answer, _ = lines
    return "\n\n".join((*said, answer.rstrip()))


class _Token(msgspec.Struct):
    text: str = ""
    special: bool = False


class _Details(msgspec.Struct):
    finish_reason: str = ""
    generated_tokens: int = 0


class _Event(msgspec.Struct):
    token: _Token | None = None
    details: _Details | None = None
    error: msgspec.Raw | None = None


_EVENT: Final = msgspec.json.Decoder(_Event)


class Generation:
    """What has come of one continuation; the same to its reader as `ChatCompletion`."""

    def __init__(self, prompt: Prompt, *, begun: bool = False) -> None:
        self._answer = Answer(prompt, begun=begun)
        self._events = Events()
        self._details: _Details | None = None
        self._held = ""
        self._stopped = False
        self.tokens = 0

    @property
    def begun(self) -> bool:
        """Whether this model's answers begin with thoughts that nothing opens, as far as one knows by now."""
        return self._answer.begun

    @property
    def done(self) -> bool:
        """Whether more has come than is shown."""
        return self._answer.full

    @property
    def finished(self) -> bool:
        """Whether the text is whole."""
        return self._details is not None or self._stopped or self.done

    def feed(self, received: bytes) -> Iterator[str]:
        """Yield the text that *received* completes; no bytes are the end of the stream, and too early an end fails."""
        if not received and not self.finished:
            raise Unavailable("the model's server stopped in the middle of an answer")
        for data in self._events.feed(received):
            if not self.finished:
                yield from self._taken(data)

    def end(self) -> Iterator[str]:
        """Yield what was held back; an answer without a word fails, unless it had been given before."""
        last = "" if self._stopped else self._answer.feed(self._held)
        cut = self._details is not None and self._details.finish_reason == "length"
        if text := last + self._answer.end(cut=cut):
            yield text

    def usage(self) -> Usage:
        """Return the tokens that the server counted; of what it was given it tells nothing."""
        about = self._answer.estimated()
        return about if self._details is None else Usage(about.input_tokens, self._details.generated_tokens)

    def _taken(self, data: bytes) -> Iterator[str]:
        try:
            event = _EVENT.decode(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Unavailable("the model's server sent something that is no token") from None
        failed = event.details is not None and event.details.finish_reason == "error"
        if event.error is not None or failed:
            raise Unavailable("the model's server broke off with an error of its own")
        if event.token is not None:
            self.tokens += 1
            if text := self._answer.feed(self._before_the_stop("" if event.token.special else event.token.text)):
                yield text
        self._details = event.details

    def _before_the_stop(self, piece: str) -> str:
        """Return what of *piece* is certainly no part of the person's next line; that begins where the model stops."""
        text, stop, _ = (self._held + piece).partition(_STOP)
        self._stopped = bool(stop)
        kept = 0 if stop else next(size for size in range(len(_STOP), -1, -1) if text.endswith(_STOP[:size]))
        self._held = text[len(text) - kept :]
        return text[: len(text) - kept]
