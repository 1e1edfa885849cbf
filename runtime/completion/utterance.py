"""What of a model's raw text is meant for a person: no thoughts, and of a continuation nothing that was said before."""

from __future__ import annotations

import re

from runtime import prompt as prompts

_END = "</think>"
_TAGS = ("<think>", "<thinking>", "<thought>", "<reasoning>", _END)
_TAG = re.compile("|".join(_TAGS), re.IGNORECASE)
_LAST_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*\s*$")
_SHORTEST_ECHO = 12
_NO_SPACE_BEFORE = frozenset(".,;:!?…)”’'")
_FIRST_CJK = "\u2e80"


class Utterance:
    """Takes the pieces as they come and gives back what may be said of them; *answered* is what came before.

    *begun* as in `Thoughts`.
    """

    def __init__(self, answered: str = "", *, begun: bool = False) -> None:
        self._thoughts = Thoughts(begun=begun)
        self._echo = Echo(answered)

    @property
    def begun(self) -> bool:
        """Whether the model's next answer is to be expected to begin with thoughts that nothing opens."""
        return self._thoughts.begun

    def feed(self, piece: str) -> str:
        """Return what *piece* makes certain to be meant; it may be of earlier pieces, or nothing yet."""
        return self._echo.feed(self._thoughts.feed(piece))

    def end(self, *, cut: bool = False) -> str:
        """Return what was held back and turns out to be meant; what may be a repetition to the end, is one.

        *cut* says that the model did not come to an end, but to its limit.
        """
        return self._echo.feed(self._thoughts.end(cut=cut))


class Thoughts:
    """Leaves out `<think>` ... `</think>`, however the tags are cut into pieces.

    Some chat templates open the thoughts themselves (DeepSeek's, Qwen's), and a server that does not take them apart
    sends their end alone. *begun* says to expect that: all is held back up to that end, and shown if it never comes.
    An end that nothing opened sets it, for the next answer: what is out of this one by then cannot be taken back.
    """

    def __init__(self, *, begun: bool = False) -> None:
        self.begun = begun
        self._expecting = begun
        self._closing = _END if begun else ""
        self._unsure: list[str] = []
        self._held = ""

    def feed(self, piece: str) -> str:
        """Return the text outside of thoughts; what may be the beginning of a tag is held back."""
        text, shown = self._held + piece, ""
        while True:
            before, tag, after = self._cut(text)
            shown += self._outside(before, tag)
            if not tag:
                break
            self._closing = "" if tag.startswith("</") else f"</{tag[1:]}"
            text = after
        self._held = after
        return shown

    def end(self, *, cut: bool = False) -> str:
        """Return what was held back, unless it is the end of a thought, or may be one of an answer that was *cut*."""
        if not self._closing:
            return self._held
        if cut or not self._expecting:
            return ""
        text = "".join(self._unsure) + self._held
        self.begun = not text
        return text

    def _outside(self, text: str, tag: str) -> str:
        """Return *text*, which ends with *tag* or none, if it is no thought."""
        if not self._closing and tag != _END:
            return text
        if not self._closing:
            self.begun = True
        if self._expecting:
            self._unsure.append(text)
            self._expecting = not tag
        return ""

    def _cut(self, text: str) -> tuple[str, str, str]:
        """Return what is before the next tag, the tag, and what is after it, or else may become one."""
        tag = re.compile(re.escape(self._closing), re.IGNORECASE) if self._closing else _TAG
        if match := tag.search(text):
            return text[: match.start()], match[0].lower(), text[match.end() :]
        tags = (self._closing,) if self._closing else _TAGS
        at = text.rfind("<")
        if at >= 0 and any(each.startswith(text[at:].lower()) for each in tags):
            return text[:at], "", text[at:]
        return text, "", ""


class Echo:
    """Leaves out what a model repeats of *answered* before it goes on: all of it, or its last sentence.

    What goes on is set apart by a space where it needs one, and an answer never begins with one.
    """

    def __init__(self, answered: str) -> None:
        last = _LAST_SENTENCE.search(answered)
        repeated = {answered, last[0] if last else ""}
        self._answered = answered
        self._repeated = [text for text in repeated if len(text.strip()) >= _SHORTEST_ECHO]
        self._held = ""
        self._begun = False

    def feed(self, piece: str) -> str:
        """Return what goes on; while all that came may be a repetition, nothing."""
        if self._begun or not piece:
            return piece
        self._held += piece
        if any(prompts.rest(text, self._held) is not None for text in self._repeated):
            return ""
        new = next(filter(None, (_past(self._held, text) for text in self._repeated)), self._held).lstrip()
        self._begun = bool(new)
        return f" {new}" if new and self._apart(new[0]) else new

    def _apart(self, first: str) -> bool:
        """Say whether a space belongs between what was said and a text that begins with *first*."""
        ended = not self._answered or self._answered[-1].isspace()
        return not ended and first not in _NO_SPACE_BEFORE and first < _FIRST_CJK


def _past(text: str, said: str) -> str:
    """Return *text* after *said*, where it begins with it and does not end inside a word."""
    after = prompts.rest(text, said) or ""
    return "" if (said.rstrip()[-1] + after[:1]).isalnum() and after else after
