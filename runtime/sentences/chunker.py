"""Cuts a model's stream as it comes; a piece without a mark that can end something costs a single search."""

from __future__ import annotations

import re

from runtime.sentences.ends import (
    AMBIGUOUS,
    CLOSERS,
    LIMIT,
    MARK,
    MARK_OR_CLAUSE,
    PAUSES,
    STOPS,
    best_cut,
    end_after_quotation,
    end_of_clause,
    end_of_sentence,
    is_long_enough,
)

_WORD = re.compile(r"\w")


class Chunker:
    """Takes pieces of one answer, returns chunks: together they are the pieces, without the white space at the end.

    No chunk is longer than `LIMIT`, none is blank. White space leads the chunk that follows it; more than fits into one
    is shortened.
    """

    def __init__(self) -> None:
        """Begin an answer, or go on with one."""
        self._text = ""
        self._start = 0  # Where the next chunk begins.
        self._scanned = 0  # Every mark before this is decided.
        self._whole = 0  # The end of the last whole sentence that is held back to be joined.
        self._closers = ""  # What ends the quotation or bracket that is open.
        self._opened = 0  # Where that one began.
        self._marks = MARK_OR_CLAUSE
        self._undecided = False

    def push(self, piece: str, *, patient: bool = False) -> list[str]:
        """Take *piece* and return the chunks that are certain; the *patient* get sentences joined up to `LIMIT`."""
        self._text += piece
        if self._undecided or len(self._text) > LIMIT or self._marks.search(piece) or (self._whole and not patient):
            return self._cut(patient=patient)
        return []

    def end(self) -> list[str]:
        """Return what is left when no piece follows."""
        rest = self._text.rstrip()
        self._text, self._scanned, self._whole, self._undecided = "", 0, 0, False
        return [rest] if rest else []

    def _cut(self, *, patient: bool) -> list[str]:
        chunks: list[str] = []
        self._undecided = False
        while (mark := self._next_mark(chunks)) is not None:
            end = self._decide(mark)
            if end is None:
                self._undecided = True
                break
            self._scanned = max(mark.end(), end)
            self._accept(mark, min(end, self._start + LIMIT), chunks)
            if self._whole and not patient:
                chunks.append(self._take(self._whole))
        while len(self._text) - self._start > LIMIT:
            self._shorten(chunks)
        if self._whole and not patient:
            chunks.append(self._take(self._whole))
        self._forget()
        return chunks

    def _next_mark(self, chunks: list[str]) -> re.Match[str] | None:
        """Return the next mark, once what comes too long before it is cut off."""
        while (mark := self._marks.search(self._text, self._scanned)) is not None:
            if mark.end() - self._start <= LIMIT:
                return mark
            self._shorten(chunks)
        self._scanned = len(self._text)
        return None

    def _decide(self, mark: re.Match[str]) -> int | None:
        """Return where *mark* ends a clause or sentence, 0 where it does not, None while that is open."""
        sign, text = mark[0], self._text
        if sign == "\n":
            self._closers = ""
            return self._start + len(text[self._start : mark.start()].rstrip())
        if self._closers:
            if sign not in self._closers:
                return 0
            end = end_after_quotation(text, mark.start(), mark.end())
            self._closers = self._closers if end is None else ""
            return end
        if sign in CLOSERS:
            if sign not in AMBIGUOUS or not text[mark.start() - 1 : mark.start()].strip():
                self._closers, self._opened = CLOSERS[sign], mark.start()
            return 0
        if STOPS.match(sign):
            return end_of_sentence(text, self._start, mark)
        return end_of_clause(text, self._start, mark) if sign in PAUSES else 0

    def _accept(self, mark: re.Match[str], end: int, chunks: list[str]) -> None:
        """Take or hold back what ends at *end*, if that is something to say."""
        if not _WORD.search(self._text, self._start, max(end, self._start)):
            return
        if self._marks is MARK:
            self._whole = end
        elif mark[0] == "\n" or is_long_enough(self._text[self._start : end]):
            chunks.append(self._take(end))

    def _shorten(self, chunks: list[str]) -> None:
        """Cut off a chunk of what is too long; white space that fills a whole chunk is dropped."""
        if (chunk := self._take(self._forced())).strip():
            chunks.append(chunk)

    def _forced(self) -> int:
        """Return the best place to cut what is too long: after a sentence, a clause, a word, or anywhere."""
        if self._whole:
            return self._whole
        end = self._start + best_cut(self._text[self._start : self._start + LIMIT + 1])
        if self._opened < end:  # A quotation that begins behind the cut is still whole.
            self._closers = ""
        return end

    def _take(self, end: int) -> str:
        chunk = self._text[self._start : end]
        self._start, self._scanned = end, max(self._scanned, end)
        self._whole, self._marks = 0, MARK
        return chunk

    def _forget(self) -> None:
        """Let go of what was returned."""
        if self._start:
            self._text = self._text[self._start :]
            self._scanned -= self._start
            self._opened -= self._start
            self._whole = max(self._whole - self._start, 0)
            self._start = 0
