"""The indexes of those who were last here, as many as fit: made again from their rows for everybody else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from runtime.adapters.local.postings import Entry, Postings


@dataclass(slots=True)
class _Index:
    postings: Postings
    expires: float
    size: int


@dataclass(slots=True, eq=False)
class Watch:
    """Whether anything of *user* was written since this was made."""

    user: str
    changed: bool = False


class Warm:
    """Indexes by user, in the order of their last use, within *limit* bytes; one is stale once a record expires."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._indexes: OrderedDict[str, _Index] = OrderedDict()
        self._size = 0
        self._watches: list[Watch] = []

    @contextmanager
    def watched(self, user: str) -> Iterator[Watch]:
        """Notice what is written of *user* within the block."""
        watch = Watch(user)
        self._watches.append(watch)
        try:
            yield watch
        finally:
            self._watches.remove(watch)

    def get(self, user: str, now: float) -> Postings | None:
        index = self._indexes.get(user)
        if index is None or index.expires <= now:
            return None
        self._indexes.move_to_end(user)
        return index.postings

    def put(self, user: str, postings: Postings, expires: float) -> Postings:
        self._remove(user)
        self._indexes[user] = index = _Index(postings, expires, 0)
        self._measure(index)
        return postings

    def add(self, user: str, entry: Entry, expires: float) -> None:
        """Add a new record to the user's index, if there is one; drop the index where it cannot be added."""
        self._change(user)
        index = self._indexes.get(user)
        if index is None:
            return
        if not index.postings.append(entry):
            self.drop(user)
            return
        index.expires = min(index.expires, expires)
        self._measure(index)

    def place(self, user: str, model: str, n: int, vector: bytes) -> None:
        """Add the vector of a record to the user's index, if there is one."""
        self._change(user)
        if index := self._indexes.get(user):
            index.postings.place(model, n, vector)
            self._measure(index)

    def drop(self, user: str) -> None:
        """Drop the user's index, since what it is made from has changed."""
        self._change(user)
        self._remove(user)

    def _change(self, user: str) -> None:
        for watch in self._watches:
            watch.changed = watch.changed or watch.user == user

    def _remove(self, user: str) -> None:
        index = self._indexes.pop(user, None)
        self._size -= index.size if index else 0

    def _measure(self, index: _Index) -> None:
        size = index.postings.size
        self._size += size - index.size
        index.size = size
        while self._size > self._limit and len(self._indexes) > 1:
            self._remove(next(iter(self._indexes)))
