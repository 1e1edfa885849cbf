"""What of a model's raw text is meant for a person: no thoughts, and of a continuation nothing that was said before."""

from __future__ import annotations

import re

from runtime import prompt as prompts

_OPENING = re.compile(r"<(think|thinking|thought|reasoning)>", re.IGNORECASE)
_OPENINGS = ("<think>", "<thinking>", "<thought>", "<reasoning>")
_LAST_SENTENCE = re.compile(r"[^.!?…]+[.!?…]*\s*$")
_SHORTEST_ECHO = 12
_NO_SPACE_BEFORE = frozenset(".,;:!?…)”’'")
_FIRST_CJK = "\u2e80"


class Utterance:
    """Takes the pieces as they come and gives back what may be said of them; *answered* is what came before."""

    def __init__(self, answered: str = "") -> None:
        self._thoughts = Thoughts()
        self._echo = Echo(answered)

    def feed(self, piece: str) -> str:
        """Return what *piece* makes certain to be meant; it may be of earlier pieces, or nothing yet."""
        return self._echo.feed(self._thoughts.feed(piece))

    def end(self) -> str:
        """Return what was held back and turns out to be meant; what may be a repetition to the end, is one."""
        return self._echo.feed(self._thoughts.end())


class Thoughts:
    """Leaves out `<think>` ... `</think>`, however the tags are cut into pieces."""

    def __init__(self) -> None:
        self._held = ""
        self._closing = ""

    def feed(self, piece: str) -> str:
        """Return the text outside of thoughts; what may be the beginning of a tag is held back."""
        text, shown = self._held + piece, ""
        while True:
            outside, tag, after = self._cut(text)
            shown += "" if self._closing else outside
            if not tag:
                break
            self._closing = "" if self._closing else f"</{tag[1:]}"
            text = after
        self._held = after
        return shown

    def end(self) -> str:
        """Return what was held back, unless it is the end of a thought."""
        return "" if self._closing else self._held

    def _cut(self, text: str) -> tuple[str, str, str]:
        """Return what is before the next tag, the tag, and what is after it, or else may become one."""
        tag = re.compile(re.escape(self._closing), re.IGNORECASE) if self._closing else _OPENING
        if match := tag.search(text):
            return text[: match.start()], match[0].lower(), text[match.end() :]
        tags = (self._closing,) if self._closing else _OPENINGS
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
