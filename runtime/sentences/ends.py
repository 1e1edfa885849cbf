"""Decides where clauses and sentences end: not in numbers, abbreviations, addresses; not before what belongs to them.

A mark is decided when it comes if nothing that may follow could change it, otherwise when something follows: every
decision is a place, 0 for "no end here", or None for "not yet".
"""

# The signs that ruff calls ambiguous are what this module is about.
# ruff: noqa: RUF001

from __future__ import annotations

import re

LIMIT = 600
_FIRST_WORDS, _FIRST_IDEOGRAPHS = 3, 6
_WORTH_A_CUT = 200  # A sentence that is too long is cut at a clause only where that leaves no scrap.
_FULL = "。！？؟।॥۔።။។"  # Full stops after which no space has to stand.
_SENTENCE = rf"[.…!?]+|[{_FULL}]+|\n|[\"“”„«»「」『』()（）]"
MARK = re.compile(_SENTENCE)
PAUSES = ",;:—–،、，；："
MARK_OR_CLAUSE = re.compile(f"{_SENTENCE}|[{PAUSES}]")
STOPS = re.compile(rf"[.…!?]+|[{_FULL}]+")
CLOSERS = {'"': '"', "(": ")", "“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "（": "）"}
AMBIGUOUS = '"('  # These open only after a space: otherwise they are inches, or half a smiley.
SPACE = re.compile(r"\s+")
_QUOTED = re.compile(r"(?:(?<!\S)[\"(]|[“„«])[^\n\"“”„«»()]*(?P<closed>[\"”“»)])?")
_EMOJI = "\u200d\u20e3\u2600-\u27bf\u2b50-\u2b55\ufe0f\U0001f000-\U0001faff"
_TAIL = re.compile(rf"[\"'”’»」』)\]}}）*_~`]*(?:[^\S\n]*[{_EMOJI}]+)*")
_EMOJI_LAST = re.compile(rf"[{_EMOJI}]\Z")
_ADDRESS = re.compile(r"://|www\.|@|\w\.\w|\w/\w")
_ABBREVIATION = re.compile(
    r"(?:[^\W\d]\.)+[^\W\d]|[A-Z]|mr|mrs|ms|mx|dr|prof|st|sr|jr|rev|hon|gen|col|capt|lt|sgt|vs|cf|etc|approx|dept|est|inc|"
    r"ltd|corp|mt|ave|blvd|jan|feb|aug|sept|oct|nov|dec|al|ph\.d|usw|bzw|ca|nr|sra|srta|mme|mlle",
    re.IGNORECASE,
)
_NUMBERED = frozenset({"no", "nos", "vol", "p", "pp", "fig", "figs", "ch", "sec", "art", "eq", "op"})
_LAST_WORD = re.compile(r"[\w.]*\Z")
_IDEOGRAPH = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_CLAUSE = re.compile(r"(?<=[^\W\d])[,;:](?=\s)|[—–](?=\s|[^\W\d])|[،、，；：]")


def end_of_sentence(text: str, start: int, mark: re.Match[str]) -> int | None:
    """Return where the full stops of *mark* end a sentence, 0: they don't, None: what follows will tell."""
    end = mark.end()
    after = _with_tail(text, end)
    if mark[0][0] in _FULL or after is None:
        return after
    is_loud = "!" in mark[0] or "?" in mark[0]
    if after == len(text):
        return after if is_loud and not _is_address(text, start, mark.start()) else None
    if not text[after].isspace():
        return after if is_loud and _IDEOGRAPH.match(text, after) else 0
    return after if mark[0] != "." or after > end else _end_of_point(text, start, mark.start())


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


def end_of_clause(text: str, start: int, mark: re.Match[str]) -> int | None:
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


def end_after_quotation(text: str, place: int, end: int) -> int | None:
    """Decide a closing sign: it ends the sentence where a full stop stands in it and a capital follows."""
    if not STOPS.match(text, place - 1):
        return 0
    space = SPACE.match(text, end)
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


def is_long_enough(clause: str) -> bool:
    return len(clause.split()) >= _FIRST_WORDS or len(_IDEOGRAPH.findall(clause)) >= _FIRST_IDEOGRAPHS


def best_cut(window: str) -> int:
    """Return the best place in *window*, which is one character longer than a chunk may be."""
    quoted = {place for quotation in _QUOTED.finditer(window) for place in _inside(quotation)}
    sentences = [end_of_sentence(window, 0, mark) or 0 for mark in STOPS.finditer(window, 0, LIMIT)]
    clauses = [mark.end() for mark in _CLAUSE.finditer(window, 0, LIMIT)]
    for ends in (sentences, clauses):
        best = max((end for end in ends if end <= LIMIT and end not in quoted), default=0)
        if best >= _WORTH_A_CUT:
            return best
    spaces = [space for space in SPACE.finditer(window) if window[: space.start()].strip()]
    apart = [space.start() for space in spaces if not _joins_numbers(window, space)]
    unquoted = [place for place in apart if place not in quoted]
    return max(unquoted or apart or [space.start() for space in spaces], default=LIMIT)


def _inside(quotation: re.Match[str]) -> range:
    """Return the places in which a quotation that fits into a chunk must not be cut: none, where it can't be whole."""
    is_too_long = quotation.start() < _WORTH_A_CUT and not quotation["closed"]
    return range(0) if is_too_long else range(quotation.start() + 1, quotation.end() + 1)


def _joins_numbers(window: str, space: re.Match[str]) -> bool:
    before, after = window[: space.start()].rstrip("-–—")[-1:], window[space.end() :].lstrip("-–—")[:1]
    return before.isdigit() and (after.isdigit() or not after)
