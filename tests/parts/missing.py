"""A part that this machine lacks."""


class Missing(Exception):
    """It can't be had here; the message says how to get it."""
