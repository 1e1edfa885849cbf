"""The names by which the index keeps apart what nothing may mix: users, their records, their words.

A word is hashed together with its owner, so that the same word of two people is two words of the index: no query finds
another's, how rare a word is counts one person's alone, and what is left of a deleted one for a while says nothing.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from runtime.recall.words import beginnings, spoken

_NAME: Final = 16
_WORD: Final = 9  # A multiple of three: no padding; two words of one user's 100,000 collide once in a trillion users.
_BEGUN: Final = 64


def owner(user: str) -> str:
    """Return the name under which everything of *user* is kept and routed."""
    return _hashed(user.encode("utf-8", "surrogatepass"), _NAME)


def key(owner: str, memory: str) -> str:
    """Return the document's id of *memory*."""
    return _hashed(memory.encode("utf-8", "surrogatepass"), _NAME, owner)


def tokens(owner: str, stems: Iterable[str]) -> list[str]:
    """Return the words of the index for *stems*."""
    return [_hashed(stem.encode("utf-8", "surrogatepass"), _WORD, owner) for stem in stems]


def begun(owner: str, text: str) -> list[str]:
    """Return all words of *text* as they are found by their beginnings; of a word 64 characters count."""
    return sorted({f"{owner} {word[:_BEGUN]}" for word in spoken(text)})


def asked(owner: str, query: str) -> list[str]:
    """Return what words found for *query* begin with."""
    return [f"{owner}{beginning[: _BEGUN + 1]}" for beginning in beginnings(query)]


def _hashed(value: bytes, size: int, key: str = "") -> str:
    return urlsafe_b64encode(blake2b(value, digest_size=size, key=key.encode()).digest()).decode().rstrip("=")
