"""Answers that were given, for calls that are sent again.

An SDK whose connection broke on a busy machine does not know that it was answered, and asks once more under the same
invocation id: what it made the first time would be there already.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

Start = Callable[..., Any]
Environ = dict[str, Any]
Application = Callable[[Environ, Start], Iterable[bytes]]
_KEPT = 500
_READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Whole:
    """All of what an application answered."""

    status: str
    headers: list[tuple[str, str]]
    data: bytes


@dataclass
class _Invocation:
    lock: Lock = field(default_factory=Lock)
    answer: Whole | None = None


class Again:
    """*application*, which is asked once in each invocation, unless it fails."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._lock = Lock()
        self._known: OrderedDict[str, _Invocation] = OrderedDict()

    def __call__(self, environ: Environ, start: Start) -> Iterable[bytes]:
        """Answer a call, or say again what was answered; who asks meanwhile waits for it."""
        name = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if name is None or environ["REQUEST_METHOD"] in _READS:
            return self._application(environ, start)
        invocation = self._invocation(name)
        with invocation.lock:
            if invocation.answer is None or not invocation.answer.status.startswith("2"):
                invocation.answer = whole(self._application, environ)
        start(invocation.answer.status, invocation.answer.headers)
        return [invocation.answer.data]

    def _invocation(self, name: str) -> _Invocation:
        with self._lock:
            found = self._known.setdefault(name, _Invocation())
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return found


def whole(application: Application, environ: Environ) -> Whole:
    """Ask *application*."""
    told: dict[str, Any] = {}
    pieces = application(environ, lambda status, headers, _=None: told.update(status=status, headers=headers))
    return Whole(told["status"], told["headers"], b"".join(pieces))
