"""The word for what emulators take, and AWS would not."""

from __future__ import annotations


class Unacceptable(Exception):
    """AWS would not make this."""
