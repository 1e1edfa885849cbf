"""What is said and answered, and what a recogniser says of it: partial results at their pace, then the final one.

Not published, and so assumed: a word is in the first partial result 100 ms after its end, and stable with the next one,
as with stabilisation `high`; tokens follow each other by 10 ms.
"""

from __future__ import annotations

import re
from random import Random
from typing import Any

from bench.voice.published import PARTIALS

KINDS = {
    "whole": (
        *("What should I cook tonight?", "I had a long day at work.", "Do you remember my sister's name?"),
        *("Tell me something nice.", "It rained the whole afternoon.", "Can you wake me at seven?", "Thank you."),
    ),
    "unclear": ("so I went to the lake again yesterday", "my boss called me about the holidays"),
    "open": ("I wanted to ask you about my", "we could go there and"),
}
"""What people say, by how whole it looks to the page when they fall silent."""

REPLIES = (
    "That sounds lovely, and I would like to hear more about it. What did you do then?",
    "Do you remember how happy you were by the lake last summer? You could go there again.",
    "Well, I think you should rest a little first. You have had a long week behind you.",
    "Of course I do: her name is Marta, and she plays the violin. How is she?",
    "I would make the lentil soup that you liked so much. It takes half an hour, no more.",
    "It is good that you told me. You don't have to decide anything tonight, so take your time.",
    "Yes, I can do that for you. Shall I ask you about the meeting afterwards, too?",
    "Your sister called that a small miracle, if I remember it right. I think so, too.",
)
TOKEN_MS = 10.0
_HEARD_AFTER, _WORD, _LAST = 100.0, 350.0, 2_000.0


def tokens(reply: str) -> list[str]:
    """Return the tokens that *reply* comes in."""
    return re.findall(r"\s*\S+", reply)


def results(said: str, final: float, dice: Random) -> list[dict[str, Any]]:
    """Return what a recogniser says of *said*, in ms from its end; *final* is when it is sure."""
    words = [{"text": word, "end": -_WORD * place} for place, word in enumerate(reversed(said.split()))][::-1]
    told: list[dict[str, Any]] = []
    known: set[float] = set()
    at = -_WORD * len(words) + dice.uniform(0.0, PARTIALS[1])
    while at < min(final, _LAST):
        heard = [word for word in words if float(str(word["end"])) <= at - _HEARD_AFTER]
        if heard:
            marked = [{**word, "stable": word["end"] in known} for word in heard]
            told.append({"at": at, "words": marked, "final": False})
        known = {float(str(word["end"])) for word in heard}
        at += dice.uniform(*PARTIALS)
    told.append({"at": final, "words": [{**word, "stable": True} for word in words], "final": True})
    return told
