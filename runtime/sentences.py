"""Cuts a model's stream into what is moderated and spoken at once: first a clause, then sentences, then as much as fits.

Only marks that can end something are looked at, each of them once: a token without one costs a single search. A mark is
decided when it comes if nothing that may follow could change it, otherwise when something follows.
"""

from __future__ import annotations

import re

LIMIT = 600
_FIRST_WORDS, _FIRST_IDEOGRAPHS = 3, 6
_WORTH_A_CUT = 200  # A sentence that is too long is cut at a clause only where that leaves no scrap.

_FULL = "。！？؟।॥۔።။។"  # Full stops after which no space has to stand.
_SENTENCE = rf"[.…!?]+|[{_FULL}]+|\n|[\"“”„«»「」『』()（）]"
_MARK = re.compile(_SENTENCE)
_MARK_OR_CLAUSE = re.compile(_SENTENCE + "|[,;:—–،、，；：]")
_STOPS = re.compile(rf"[.…!?]+|[{_FULL}]+")
_CLOSERS = {'"': '"', "(": ")", "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "（": "）"}
_AMBIGUOUS = '"('  # These open only after a space: otherwise they are inches, or half a smiley.
_EMOJI = "\u200d\u20e3\u2600-\u27bf\u2b50-\u2b55\ufe0f\U0001f000-\U0001faff"
_TAIL = re.compile(rf"[\"'”’»」』)\]}}）*_~`]*(?:[^\S\n]*[{_EMOJI}]+)*")
_EMOJI_LAST = re.compile(rf"[{_EMOJI}]\Z")
_ADDRESS = re.compile(r"://|www\.|@|\w\.\w|\w/\w")
_ABBREVIATION = re.compile(
    r"(?:[^\W\d]\.)+[^\W\d]|[A-Z]|mr|mrs|ms|mx|dr|prof|st|sr|jr|rev|hon|gen|col|capt|lt|sgt|vs|cf|etc|approx|dept|est|inc|"
    r"ltd|corp|mt|ave|blvd|jan|feb|aug|sept|oct|nov|dec|al|ph\.d|usw|bzw|ca|nr|sra|srta|mme|mlle",
    re.IGNORECASE,
)
_NUMBERED = frozenset("no nos vol p pp fig figs ch sec art eq op".split())
_LAST_WORD = re.compile(r"[\w.]*\Z")
_IDEOGRAPH = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_WORD = re.compile(r"\w")
_CLAUSE = re.compile(r"(?<=[^\W\d])[,;:](?=\s)|[—–](?=\s|[^\W\d])|[،、，；：]")
_SPACE = re.compile(r"\s+")
_OF_NUMBERS = " \t\r\n\u00a0-‐‑‒–—−._/·"


class Chunker:
    """Takes pieces of one answer, returns chunks: together they are the pieces, without the white space at the end.

    No chunk is longer than `LIMIT`. White space leads the chunk that follows it.
    """

    def __init__(self) -> None:
        """Begin an answer, or go on with one."""
        self._text = ""
        self._start = 0  # Where the next chunk begins.
        self._scanned = 0  # Every mark before this is decided.
        self._whole = 0  # The end of the last whole sentence that is held back to be joined.
        self._closers = ""  # What ends the quotation or bracket that is open.
        self._marks = _MARK_OR_CLAUSE
        self._undecided = False

    def push(self, piece: str, *, patient: bool = False) -> list[str]:
        """Take *piece* and return the chunks that are certain now; the *patient* get whole sentences joined up to `LIMIT`."""
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
            chunks.append(self._take(self._forced()))
        if self._whole and not patient:
            chunks.append(self._take(self._whole))
        self._forget()
        return chunks

    def _next_mark(self, chunks: list[str]) -> re.Match[str] | None:
        """Return the next mark, once what comes too long before it is cut off."""
        while (mark := self._marks.search(self._text, self._scanned)) is not None:
            if mark.end() - self._start <= LIMIT:
                return mark
            chunks.append(self._take(self._forced()))
        self._scanned = len(self._text)
        return None

    def _decide(self, mark: re.Match[str]) -> int | None:
        """Return where *mark* ends a clause or sentence, 0 where it does not, None while that is open."""
        sign, text = mark[0], self._text
        if sign == "\n":
            self._closers = ""
            return mark.start()
        if self._closers:
            if sign not in self._closers:
                return 0
            end = _end_after_quotation(text, mark.start(), mark.end())
            self._closers = self._closers if end is None else ""
            return end
        if sign in _CLOSERS:
            if sign not in _AMBIGUOUS or not text[mark.start() - 1 : mark.start()].strip():
                self._closers = _CLOSERS[sign]
            return 0
        if _STOPS.match(sign):
            return _end_of_sentence(text, self._start, mark)
        return _end_of_clause(text, self._start, mark) if self._marks is _MARK_OR_CLAUSE else 0

    def _accept(self, mark: re.Match[str], end: int, chunks: list[str]) -> None:
        """Take or hold back what ends at *end*, if that is something to say."""
        if not _WORD.search(self._text, self._start, max(end, self._start)):
            return
        if self._marks is _MARK:
            self._whole = end
        elif mark[0] == "\n" or _is_long_enough(self._text[self._start : end]):
            chunks.append(self._take(end))

    def _forced(self) -> int:
        """Return the best place to cut what is too long: after a sentence, a clause, a word, or anywhere."""
        if self._whole:
            return self._whole
        self._closers = ""
        return self._start + _best_cut(self._text[self._start : self._start + LIMIT + 1])

    def _take(self, end: int) -> str:
        chunk = self._text[self._start : end]
        self._start, self._scanned = end, max(self._scanned, end)
        self._whole, self._marks = 0, _MARK
        return chunk

    def _forget(self) -> None:
        """Let go of what was returned."""
        if self._start:
            self._text = self._text[self._start :]
            self._scanned -= self._start
            self._whole = max(self._whole - self._start, 0)
            self._start = 0


def sentence_so_far(released: str) -> str:
    """Return what of *released* belongs to a sentence that has not ended, and so has to be judged with what follows.

    A new line alone ends none; a number or an address at the end may go on, whatever stands before it.
    """
    tail = released[-LIMIT:]
    if len(released) > LIMIT and (space := _SPACE.search(tail)):
        tail = tail[space.start() :]
    start = 0
    for mark in _STOPS.finditer(tail):
        end = _end_of_sentence(tail, 0, mark)
        start = len(tail) if end is None else end or start
    number = len(tail.rstrip("0123456789" + _OF_NUMBERS))
    if tail[number:].strip(_OF_NUMBERS):
        start = min(start, number)
    word = tail.rfind(" ") + 1
    if "@" in tail[word:]:
        start = min(start, word)
    return tail[start:] if tail[start:].strip() else ""


def _end_of_sentence(text: str, start: int, mark: re.Match[str]) -> int | None:
    """Return where the full stops of *mark* end a sentence, 0: they don't, None: what follows will tell."""
    end = mark.end()
    if mark[0][0] in _FULL:
        return _with_tail(text, end)
    following = text[end : end + 1]
    if "!" in mark[0] or "?" in mark[0]:
        if not following.strip():
            return _with_tail(text, end) if following or not _is_address(text, start, mark.start()) else None
        if following.isalnum() and not _IDEOGRAPH.match(following):
            return 0
        return 0 if _is_address(text, start, mark.start()) and following in "=&/?%#-" else _with_tail(text, end)
    after = _with_tail(text, end)
    if after is None or after == len(text):
        return None
    if not text[after].isspace():
        return 0
    return after if mark[0] != "." or (after > end) else _end_of_point(text, start, mark.start())


def _end_of_point(text: str, start: int, point: int) -> int | None:
    """Decide a single full stop with white space behind it: an abbreviation or the number of a list ends nothing."""
    found = _LAST_WORD.search(text, max(start, point - 12), point)
    word = found[0] if found else ""
    if _ABBREVIATION.fullmatch(word) and (len(word) > 1 or word.isupper()):
        return 0
    if word.lower() in _NUMBERED:
        following = text[point + 1 :].lstrip()[:1]
        return None if not following else 0 if following.isdigit() else point + 1
    if word.isdigit():
        line = max(text.rfind("\n", start, point) + 1, start)
        return 0 if text[line:point].strip() == word else point + 1
    return point + 1


def _end_of_clause(text: str, start: int, mark: re.Match[str]) -> int | None:
    sign, end = mark[0], mark.end()
    before, following = text[start : mark.start()], text[end : end + 1]
    if sign in "،、，；：":
        return end
    after_number = before.rstrip()[-1:].isdigit()
    if sign in "—–":
        behind = text[end : end + 2].strip()[:1]
        if not after_number or (behind and not behind.isdigit()):
            return end
        return 0 if behind else None
    if following:
        return end if following.isspace() else 0
    return None if sign == ":" or after_number or _is_address(text, start, mark.start()) else end


def _end_after_quotation(text: str, place: int, end: int) -> int | None:
    """Decide a closing sign: it ends the sentence where a full stop stands in it and a capital follows."""
    if not _STOPS.match(text, place - 1):
        return 0
    space = _SPACE.match(text, end)
    if space is None:
        return None if end == len(text) else 0
    if "\n" in space[0]:
        return end
    following = text[space.end() : space.end() + 1]
    if not following:
        return None
    return 0 if following.islower() else end


def _with_tail(text: str, end: int) -> int | None:
    """Return the end of the closing signs and emoji that belong to what ends at *end*; None while emoji may follow."""
    tail = _TAIL.match(text, end)
    after = tail.end() if tail else end
    return None if after == len(text) and after > end and _EMOJI_LAST.search(text, after - 1) else after


def _is_address(text: str, start: int, end: int) -> bool:
    """Say whether the run of characters before *end* looks like a URL or an e-mail address."""
    space = max(text.rfind(" ", start, end), text.rfind("\n", start, end), start - 1)
    return _ADDRESS.search(text, space + 1, end) is not None


def _is_long_enough(clause: str) -> bool:
    return len(clause.split()) >= _FIRST_WORDS or len(_IDEOGRAPH.findall(clause)) >= _FIRST_IDEOGRAPHS


def _best_cut(window: str) -> int:
    """Return the best place in *window*, which is one character longer than a chunk may be."""
    sentences = [_end_of_sentence(window, 0, mark) or 0 for mark in _STOPS.finditer(window, 0, LIMIT)]
    clauses = [mark.end() for mark in _CLAUSE.finditer(window, 0, LIMIT)]
    for ends in (sentences, clauses):
        best = max((end for end in ends if end <= LIMIT), default=0)
        if best >= _WORTH_A_CUT:
            return best
    spaces = [space for space in _SPACE.finditer(window) if window[: space.start()].strip()]
    apart = [space.start() for space in spaces if not _joins_numbers(window, space)]
    return max(apart or [space.start() for space in spaces], default=LIMIT)


def _joins_numbers(window: str, space: re.Match[str]) -> bool:
    before, after = window[: space.start()].rstrip("-–—")[-1:], window[space.end() :].lstrip("-–—")[:1]
    return before.isdigit() and (after.isdigit() or not after)
