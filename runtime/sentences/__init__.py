"""Cuts a model's stream into what is moderated and spoken at once: a clause, then sentences, then as much as fits.

Only marks that can end something are looked at, each of them once; nobody waits for a further piece where the end is
certain.
"""

from runtime.sentences.chunker import Chunker
from runtime.sentences.ends import LIMIT
from runtime.sentences.unfinished import sentence_so_far

__all__ = ["LIMIT", "Chunker", "sentence_so_far"]
