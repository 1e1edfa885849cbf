"""One thing that somebody stated, before it is a record."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Statement:
    """*subject* is `user`, a name, or of somebody unnamed "my sister"; *relation*: what they are to the user."""

    subject: str
    attribute: str
    value: str
    relation: str = ""
