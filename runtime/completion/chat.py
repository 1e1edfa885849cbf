"""One streamed chat completion of OpenAI's: what its chunks say, when it is over, and what it cost."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from runtime.completion.answer import Answer
from runtime.completion.events import Events
from runtime.conversation import Prompt, Usage
from runtime.errors import Unavailable

_BYTES = 16_777_216


class _Delta(msgspec.Struct):
    content: str | None = None
    reasoning_content: str | None = None
    reasoning: str | None = None


class _Choice(msgspec.Struct):
    delta: _Delta | None = None
    finish_reason: str | None = None


class _Counted(msgspec.Struct):
    prompt_tokens: int = 0
    completion_tokens: int = 0


class _Chunk(msgspec.Struct):
    choices: list[_Choice] | None = None
    usage: _Counted | None = None
    error: msgspec.Raw | None = None


_CHUNK = msgspec.json.Decoder(_Chunk)
_ESCAPE = re.compile(rb"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|(u[dD][89a-fA-F]..)|.)")


class ChatCompletion:
    """What has come of one answer: *tokens* counts its deltas, *done* says that no more is to come.

    *begun* as in `Answer`.
    """

    def __init__(self, prompt: Prompt, *, begun: bool = False) -> None:
        self._answer = Answer(prompt, begun=begun)
        self._events = Events()
        self._counted: _Counted | None = None
        self._received = 0
        self._reason = ""
        self.tokens = 0
        self.done = False

    @property
    def begun(self) -> bool:
        """Whether this model's answers begin with thoughts that nothing opens, as far as one knows by now."""
        return self._answer.begun

    @property
    def finished(self) -> bool:
        """Whether the text is whole."""
        return bool(self._reason) or self.done

    def feed(self, received: bytes) -> Iterator[str]:
        """Yield the text that *received* completes; no bytes are the end of the stream, and too early an end fails."""
        if not received:
            self._closed()
        self._received += len(received)
        if self._received > _BYTES:
            raise Unavailable("the model's server does not stop sending")
        for data in self._events.feed(received):
            if data == b"[DONE]":
                self.done = True
            elif not self.done:
                yield from self._chunk(data)

    def end(self) -> Iterator[str]:
        """Yield what was held back; an answer without a word fails, unless it had been given before."""
        if text := self._answer.end(cut=self._reason == "length"):
            yield text

    def usage(self) -> Usage:
        """Return the tokens as the server counted them, or an estimate."""
        if self._counted is None:
            return self._answer.estimated()
        return Usage(self._counted.prompt_tokens, self._counted.completion_tokens)

    def _closed(self) -> None:
        if not self.finished:
            raise Unavailable("the model's server stopped in the middle of an answer")
        self.done = True

    def _chunk(self, data: bytes) -> Iterator[str]:
        try:
            chunk = _decoded(data)
        except (msgspec.DecodeError, UnicodeDecodeError):
            raise Unavailable("the model's server sent something that is no chat completion") from None
        if chunk.error is not None:
            raise Unavailable("the model's server broke off with an error of its own")
        self._counted = chunk.usage or self._counted
        for choice in chunk.choices or ():
            yield from self._said(choice.delta or _Delta())
            self._reason = self._reason or choice.finish_reason or ""

    def _said(self, delta: _Delta) -> Iterator[str]:
        self.tokens += bool(delta.content or delta.reasoning_content or delta.reasoning)
        if delta.content and not self._reason:
            if text := self._answer.feed(delta.content):
                yield text
            self.done = self.done or self._answer.full


def _decoded(data: bytes) -> _Chunk:
    """Read a chunk; servers that cut a text between the halves of a character send half an escape, which is no JSON."""
    try:
        return _CHUNK.decode(data)
    except msgspec.DecodeError:
        return _CHUNK.decode(_ESCAPE.sub(lambda found: rb"\ufffd" if found[1] else found[0], data))
